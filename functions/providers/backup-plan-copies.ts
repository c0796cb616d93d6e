/**
 * What a kind must be able to do for members that plans of AWS Backup copy, too: say what its copies would be of, and what they are. Which kinds
 * do is in `backup-plan-readers.ts`, apart from `index.ts`, so that a backup step does not carry it.
 */
import type { Artifact } from '#domain/artifact.ts';
import type { BackupPlanCopy, CopiedPart } from '#domain/backup-plan-copy.ts';
import type { Expected } from '#domain/points-from-backup-plans.ts';
import type { Member } from '#domain/policy.ts';

/** ARN of a resource of this account and Region: `('ec2', 'volume/vol-…')`. */
export type ArnOf = (service: string, resource: string) => string;

/**
 * @param members of a workload, of all kinds
 * @param known artifacts of its points in the ledger, of all kinds, newest first: what they say of a resource that is gone
 */
export type BackupPlanReader = (members: readonly Member[], known: readonly Artifact[], arnOf: ArnOf) => Promise<Reach>;

export interface Reach {
  /** ARNs of all whose copies may be of use. */
  readonly resources: readonly string[];
  /** What there is of the members now. */
  readonly expected: readonly Expected[];
  /** Errors are thrown as they come. */
  read(copies: readonly BackupPlanCopy[]): Promise<readonly CopiedPart[]>;
}

/** Last part of an ARN: `i-…`. */
export const idOf = (arn: string): string => arn.split(/[:/]/).at(-1) ?? '';

/** What a copy's artifact has of it. */
export const artifactOf = (copy: BackupPlanCopy): Pick<Artifact, 'state' | 'problem' | 'startedAt' | 'cut'> => ({
  state: copy.state,
  startedAt: copy.cut.lower,
  cut: copy.cut,
  ...(copy.problem === undefined ? {} : { problem: copy.problem }),
});

/** One whose artifact cannot be looked at: it is not made yet, or it is gone. */
export const unseen = (kind: string, copy: BackupPlanCopy, place: string): CopiedPart => ({
  ...{ copy, place },
  artifact: {
    ...artifactOf(copy),
    ...(copy.state === 'completed'
      ? { state: 'gone', problem: `${idOf(copy.pointArn)}, which AWS Backup still lists, does not exist any more` }
      : {}),
    ...{
      kind,
      id: idOf(copy.pointArn),
      source: idOf(copy.resourceArn),
      tier: 1,
      detail: { recoveryPointArn: copy.pointArn },
    },
  },
});
