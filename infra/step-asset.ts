import { createHash } from 'node:crypto';
import { chmodSync, copyFileSync, existsSync, linkSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { AssetHashType, Stage } from 'aws-cdk-lib';
import { Code } from 'aws-cdk-lib/aws-lambda';
import type { Construct } from 'constructs';
import type { Policy } from '#domain/policy.ts';

/** What is deployed as one function: its bundle and, beside it, the policy it reads. */
export interface StepAssets {
  /** @throws Error when the step has no bundle */
  codeOf(step: string): Code;
}

/**
 * The same bundle and policy always give the same asset, so a deployment that changes neither changes no function.
 * @param bundles directory of built bundles, `<step>/index.mjs`
 */
export function stepAssets(scope: Construct, bundles: string, policy: Policy): StepAssets {
  const policyText = JSON.stringify(policy);
  const staging = join(Stage.of(scope)?.assetOutdir ?? bundles, '.steps');
  return {
    codeOf: (step) => {
      const source = join(bundles, step, 'index.mjs');
      if (!existsSync(source)) {
        throw new Error(`There is no bundle of ${step} (${source}): is functions/steps/${step}.ts there?`);
      }
      const hash = createHash('sha256').update(digestOf(source)).update(policyText).digest('hex');
      const staged = join(staging, hash);
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

/** The bundle is linked, not copied, where the file system can. */
function stage(directory: string, source: string, policyText: string): void {
  mkdirSync(directory, { recursive: true });
  const target = join(directory, 'index.mjs');
  const settings = join(directory, 'policy.json');
  try {
    linkSync(source, target);
  } catch {
    copyFileSync(source, target);
  }
  writeFileSync(settings, policyText);
  // The archive keeps the modes, and Lambda runs as another user: those of a careful umask would leave functions that cannot start.
  chmodSync(directory, 0o755);
  for (const file of [target, settings]) chmodSync(file, 0o644);
}
