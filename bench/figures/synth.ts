/** How long `cdk synth` takes for a policy with every kind there is, on this machine; and how much of it is bundling the functions. */
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { everyKind } from '../../test/scenario/every-kind.ts';
import { type ProcessTime, processTime } from './process-time.ts';

export interface Synth {
  readonly workloads: number;
  readonly synth: ProcessTime;
  /** By itself: what the synthesis starts as its first process. */
  readonly bundling: ProcessTime;
}

export function measureSynth(): Synth {
  const directory = mkdtempSync(join(tmpdir(), 'holdfast-synth-'));
  try {
    const policy = join(directory, 'holdfast.yaml');
    writeFileSync(policy, JSON.stringify(everyKind)); // JSON is YAML
    const cdk = [
      process.execPath,
      'node_modules/aws-cdk/bin/cdk',
      'synth',
      '--quiet',
      '--output',
      join(directory, 'out'),
    ];
    return {
      workloads: Object.keys(everyKind.workloads).length,
      synth: processTime(cdk, { HOLDFAST_POLICY: policy }),
      bundling: processTime([process.execPath, 'infra/bundle-steps.ts']),
    };
  } finally {
    rmSync(directory, { recursive: true, force: true });
  }
}
