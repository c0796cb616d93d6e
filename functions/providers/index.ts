/** Every resource kind that Holdfast can back up. A new one is a folder beside this file and a line here and in `restorers.ts`. */
import type { Artifact } from '#domain/artifact.ts';
import { invariantBroken } from '#domain/faults.ts';
import type { Policy } from '#domain/policy.ts';
import { ami } from './ami/index.ts';
import { aurora } from './aurora/index.ts';
import { awsBackup } from './aws-backup/index.ts';
import { dynamodb } from './dynamodb/index.ts';
import { ebs } from './ebs/index.ts';
import { efs } from './efs/index.ts';
import { elasticache } from './elasticache/index.ts';
import { memorydb } from './memorydb/index.ts';
import { opensearch } from './opensearch/index.ts';
import { rds } from './rds/index.ts';

export { completionSeconds } from './ebs/completion.ts';
export { pendingPerRegion } from './ebs/limits.ts';
export { regionSlots } from './ebs/region.ts'; // of all kinds so far, only snapshots are limited by what is pending

import type { Provider } from './provider.ts';

/** Of every kind. */
export const providers: readonly Provider[] = [
  ebs,
  ami,
  rds,
  memorydb,
  aurora,
  dynamodb,
  efs,
  awsBackup,
  elasticache,
  opensearch,
];

/** Asks AWS for the present state of artifacts of whatever kinds; a missing one comes back as `gone`. */
export async function progressOf(artifacts: readonly Artifact[]): Promise<readonly Artifact[]> {
  const kinds = Map.groupBy(artifacts, ({ kind }) => kind);
  return (await Promise.all([...kinds].map(([kind, some]) => providerOf(kind).progress(some)))).flat();
}

/** Of the kinds that these workloads have members of: the roles know no others. */
export const providersFor = (workloads: Policy['workloads']): readonly Provider[] =>
  providers.filter(({ kind }) => workloads.some(({ members }) => members.some((member) => member.kind === kind)));

export function providerOf(kind: string): Provider {
  const provider = providers.find((each) => each.kind === kind);
  if (provider === undefined) throw invariantBroken(`No provider of kind ${kind}.`);
  return provider;
}
