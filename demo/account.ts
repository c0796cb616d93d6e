/** A simulated account with the stack of a policy in it: the stack comes from its synthesized template, as in AWS. */
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createApp } from '#infra/create-app.ts';
import { addHoldfastStack } from '#infra/holdfast-stack.ts';
import type { Stack } from '#simulator/deploy/deploy-stack.ts';
import { createRegion, type Region, type RegionOptions } from '#simulator/region.ts';
import { launchFleet } from './fleet.ts';

export const stackName = 'Holdfast';

export interface AccountOptions extends RegionOptions {
  /** Puts what the policy protects into the region. Default: the machines of `holdfast.yaml`. */
  readonly furnish?: (region: Region) => void | Promise<void>;
}

export interface Account {
  readonly region: Region;
  readonly stack: Stack;
  /** Gives back the clock, and deletes what was synthesized. */
  close(): void;
}

/**
 * Synthesizes the stack, opens a region with what the policy protects, and deploys. From then on the process lives in virtual time.
 * @param policyFile path of the policy
 */
export async function openAccount(
  policyFile: string,
  { furnish = launchFleet, ...options }: AccountOptions = {},
): Promise<Account> {
  const directory = mkdtempSync(join(tmpdir(), 'holdfast-'));
  // CDK's own validation of templates takes seconds; the tests of the template have it.
  const app = createApp({ outdir: directory, context: { stack: stackName }, builtinCloudFormationValidation: false });
  // Bundles that were built already, for whoever opens many accounts.
  const bundlesDirectory = process.env.HOLDFAST_BUNDLES;
  addHoldfastStack(app, {
    policyFile,
    policyText: readFileSync(policyFile, 'utf8'),
    ...(bundlesDirectory === undefined ? {} : { bundlesDirectory }),
  });
  app.synth();
  const region = await createRegion(options);
  await furnish(region);
  const stack = await region.deploy(directory, stackName);
  const { HoldfastReaders = '', HoldfastOperators = '' } = region.outputs(stackName);
  region.admit('readers', ...HoldfastReaders.split(','));
  region.admit('operators', ...HoldfastReaders.split(','), ...HoldfastOperators.split(','));
  return {
    region,
    stack,
    close: () => {
      region.close();
      rmSync(directory, { recursive: true, force: true });
    },
  };
}
