/** File systems as plans of AWS Backup copy them. */
import type { Artifact } from '#domain/artifact.ts';
import type { BackupPlanCopy, CopiedPart } from '#domain/backup-plan-copy.ts';
import type { ManagedMember, Member } from '#domain/policy.ts';
import { type ArnOf, artifactOf, idOf, type Reach } from '../backup-plan-copies.ts';
import { systemOf } from './file-system.ts';

export async function readFileSystems(
  members: readonly Member[],
  known: readonly Artifact[],
  arnOf: ArnOf,
): Promise<Reach> {
  const wanted = members.filter((member): member is ManagedMember => member.kind === 'efs');
  return {
    resources: wanted.map(({ resource }) => arnOf('elasticfilesystem', `file-system/${resource}`)),
    expected: wanted.map(({ resource }) => ({ kind: 'efs', place: resource })),
    read: async (copies) => {
      const parts = await Promise.all(wanted.map((member) => read(member, copies, known)));
      return parts.flat();
    },
  };
}

async function read(
  { resource, tier }: ManagedMember,
  copies: readonly BackupPlanCopy[],
  known: readonly Artifact[],
): Promise<readonly CopiedPart[]> {
  const own = copies.filter(({ resourceArn }) => idOf(resourceArn) === resource);
  const newest = known.find(({ kind, source }) => kind === 'efs' && source === resource);
  // Of one that exists, a recovery takes the settings of now.
  const isGone = own.length > 0 && newest !== undefined && (await systemOf(resource)) === undefined;
  return own.map((copy) => {
    const { vault, pointArn: id, resourceArn } = copy;
    const detail = { ...(isGone ? newest.detail : {}), vault, recoveryPointArn: id, resourceArn };
    return {
      copy,
      place: resource,
      artifact: { ...artifactOf(copy), kind: 'efs', id, source: resource, tier, detail },
    };
  });
}
