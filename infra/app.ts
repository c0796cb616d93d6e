/**
 * The CDK app. The policy is `holdfast.yaml` in the current folder, or the file that the context `policy`
 * (`cdk deploy -c policy=…`) or HOLDFAST_POLICY names; the context `stack` names the stack, and
 * `protected` keeps it from being deleted.
 */
import { readFileSync } from 'node:fs';
import { resolve } from 'node:path';
import { bundleMeanwhile } from './bundle.ts';

// The CDK takes about half as long to load as the bundling does, which has processes of its own.
const [{ directory: bundlesDirectory }, { createApp }, { addHoldfastStack, contextOf, InvalidPolicy }] =
  await Promise.all([bundleMeanwhile(), import('./create-app.ts'), import('./holdfast-stack.ts')]);

function readPolicyFile(file: string): string {
  try {
    return readFileSync(file, 'utf8');
  } catch (error) {
    const what = error instanceof Error ? error.message : String(error);
    throw new InvalidPolicy(`The policy ${resolve(file)} cannot be read (${what}). Name it with -c policy=<file>.`);
  }
}

const app = createApp();
const policyFile = contextOf(app, 'policy') ?? process.env.HOLDFAST_POLICY ?? 'holdfast.yaml';
try {
  addHoldfastStack(app, { policyFile, policyText: readPolicyFile(policyFile), bundlesDirectory });
  app.synth();
} catch (error) {
  if (!(error instanceof InvalidPolicy)) throw error;
  process.stderr.write(`${error.message}\n`);
  process.exitCode = 1;
}
