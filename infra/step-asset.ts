import { createHash } from 'node:crypto';
import { copyFileSync, existsSync, mkdirSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { AssetHashType } from 'aws-cdk-lib';
import { Code } from 'aws-cdk-lib/aws-lambda';
import type { Policy } from '#domain/policy.ts';

/** What is deployed as one function: its bundle and, beside it, the policy it reads. */
export interface StepAssets {
  codeOf(step: string): Code;
}

/**
 * @param bundles directory of built bundles, `<step>/index.mjs`
 * The same bundle and policy always give the same asset, so a deployment that changes neither changes no function.
 */
export function stepAssets(bundles: string, policy: Policy): StepAssets {
  const policyText = JSON.stringify(policy);
  return {
    codeOf: (step) => {
      const source = join(bundles, step, 'index.mjs');
      if (!existsSync(source)) {
        throw new Error(`There is no bundle of ${step} (${source}): is functions/steps/${step}.ts there?`);
      }
      const hash = createHash('sha256').update(digestOf(source)).update(policyText).digest('hex');
      const staged = join(bundles, '..', 'assets', `${step}-${hash.slice(0, 16)}`);
      if (!existsSync(staged)) stage(staged, source, policyText);
      return Code.fromAsset(staged, { assetHash: hash, assetHashType: AssetHashType.CUSTOM });
    },
  };
}

const digests = new Map<string, string>();

/** Bundles are megabytes and tests synthesize often, so each is read once a process. */
function digestOf(file: string): string {
  const digest = digests.get(file) ?? createHash('sha256').update(readFileSync(file)).digest('hex');
  digests.set(file, digest);
  return digest;
}

/** Renamed into place when complete: another process may stage the same at the same moment. */
function stage(directory: string, source: string, policyText: string): void {
  const partial = `${directory}.${process.pid}`;
  mkdirSync(partial, { recursive: true });
  copyFileSync(source, join(partial, 'index.mjs'));
  writeFileSync(join(partial, 'policy.json'), policyText);
  try {
    renameSync(partial, directory);
  } catch (error) {
    rmSync(partial, { recursive: true, force: true });
    if (!existsSync(directory)) throw error;
  }
}
