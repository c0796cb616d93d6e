/**
 * A new resource from a copy of AWS Backup, beside the present one, which nothing touches. Neither is asked of its own service: what AWS Backup says of the
 * job is all that is known, so what leads to the new one is a person's to do. https://docs.aws.amazon.com/aws-backup/latest/devguide/restoring-a-backup.html
 */
import { DescribeProtectedResourceCommand, GetRecoveryPointRestoreMetadataCommand } from '@aws-sdk/client-backup';
import type { Artifact } from '#domain/artifact.ts';
import { invalidRequest } from '#domain/faults.ts';
import type { Workload } from '#domain/policy.ts';
import { unlessCalled } from '#platform/aws-errors.ts';
import { backup } from '#platform/clients/backup.ts';
import { textOf } from '../backup-jobs.ts';
import { pointRefusals } from '../backup-points.ts';
import { replacement } from '../replacement/replacement.ts';
import type { ReplacementService, Resource, Settings } from '../replacement/replacement-service.ts';
import { lostRestore, restored, startRestore } from '../restore-jobs.ts';
import { restoreLine } from '../restore-lines.ts';
import { afterRestore } from './after-restore.ts';
import { type Beside, besideOf, type Known } from './restore-metadata.ts';

/** The present one by its ARN; what a recovery makes is known by its job, and called as the present one with a mark until it has an ARN. */
const service: ReplacementService = {
  kind: 'aws-backup',
  /** Room for any ARN; names of what is made are cut by themselves. */
  mostNameCharacters: 300,
  look: (name, job) => (job === undefined ? lookAt(name) : lookAtMade(job)),
  lookForLost: async (_, settings) => {
    const job = await lostRestore(settings);
    return job === undefined ? undefined : lookAtMade(job);
  },
  prepare,
  missing: async () => [],
  // There is nothing that it could be asked for.
  change: async () => undefined,
  differences: () => [
    'the new one is as AWS Backup knows it, or the policy says; what its service keeps beside that is not brought back.',
  ],
  leftToDo: (settings, madeAs) => {
    const made = { known: knownOf(settings), name: nameIn(madeAs), pointArn: textOf(settings.recoveryPointArn) };
    return afterRestore({ ...made, beside: besideFor(settings, madeAs) });
  },
  refusals: async (_, settings) => [...(await pointRefusals(settings)), ...lackRefusals(settings)],
  restore: ({ name: madeAs, settings }) => {
    const { type } = knownOf(settings);
    const { metadata, asType = type } = besideFor(settings, madeAs);
    // AWS Backup would refuse to do so with a bucket.
    const copiesTags = type !== 'S3';
    return startRestore({ token: nameIn(madeAs), type: asType, settings, metadata, copiesTags });
  },
  // The present one is never put aside.
  mark: async () => undefined,
  unmark: async () => undefined,
  lines: {
    restore: ({ name: madeAs, settings }) => {
      const { metadata, asType } = besideFor(settings, madeAs);
      return restoreLine(settings, JSON.stringify(metadata), asType);
    },
  },
};

export const awsBackupRestore = replacement(service);

/** What AWS Backup has copied, it knows; whether it is there still, only its service does. */
async function lookAt(name: string): Promise<Resource | undefined> {
  const found = await backup()
    .send(new DescribeProtectedResourceCommand({ ResourceArn: name }))
    .catch(unlessCalled('ResourceNotFoundException', 'InvalidParameterValueException'));
  return found && { id: name, state: 'ready', words: 'as it was, as far as AWS Backup knows' };
}

async function lookAtMade(job: string): Promise<Resource | undefined> {
  const made = await restored(job);
  if (made === undefined) return undefined;
  const { createdArn, state, words } = made;
  const endpoint = createdArn ?? `restore job ${job}`;
  return { id: createdArn ?? job, state, words: state === 'ready' ? 'restored' : words, endpoint };
}

/** @throws InvalidRequest when AWS Backup knows nothing of the point that it could be restored by */
async function prepare({ source, detail }: Artifact, { members }: Workload): Promise<Settings> {
  const pointArn = textOf(detail.recoveryPointArn);
  const asked = new GetRecoveryPointRestoreMetadataCommand({
    BackupVaultName: textOf(detail.vault),
    RecoveryPointArn: pointArn,
  });
  const { ResourceType, RestoreMetadata } =
    (await backup()
      .send(asked)
      .catch(unlessCalled(...unknownPoint))) ?? {};
  const member = members.find((each) => each.kind === 'aws-backup' && each.resource === source);
  const restore = member !== undefined && 'restore' in member ? member.restore : undefined;
  const known = { resourceArn: source, type: ResourceType ?? '', told: RestoreMetadata ?? {}, restore: restore ?? {} };
  if (besideOf(known, '') !== undefined) return { ...detail, ...known, plannedAt: new Date().toISOString() };
  throw invalidRequest(
    `AWS Backup does not say how the recovery point ${pointArn} of ${source} is restored${ResourceType === undefined ? ': it is gone' : ` (${ResourceType})`}. See what it has: aws backup list-recovery-points-by-resource --resource-arn ${source}`,
  );
}

const unknownPoint = ['ResourceNotFoundException', 'InvalidParameterValueException'];

/** @throws InvalidRequest for what `prepare` has not made */
function knownOf(settings: Settings): Known {
  if (isKnown(settings)) return settings;
  throw invalidRequest('What AWS Backup knows of the resource was not asked.');
}

const isKnown = (settings: object): settings is Known =>
  ['resourceArn', 'type', 'told', 'restore'].every((key) => key in settings);

/** @param madeAs what the new one is called until it has an ARN */
function besideFor(settings: Settings, madeAs: string): Beside {
  const beside = besideOf(knownOf(settings), nameIn(madeAs));
  if (beside !== undefined) return beside;
  throw invalidRequest(`What AWS Backup has to be told of ${madeAs} is not known.`);
}

/** The most that a cluster's and a bucket's may have. */
const mostCharacters = 63;

function nameIn(madeAs: string): string {
  const name = madeAs.split(/[:/]/).at(-1) ?? '';
  const mark = '-new-0a1b2c'.length;
  if (name.length <= mostCharacters) return name;
  return `${name.slice(0, mostCharacters - mark).replace(/[-.]+$/, '')}${name.slice(-mark)}`;
}

function lackRefusals(settings: Settings): readonly string[] {
  const { lacks } = besideFor(settings, textOf(settings.resourceArn));
  if (lacks.length === 0) return [];
  const added = lacks.map((key) => `${key}: …`).join(', ');
  return [
    `AWS Backup cannot restore ${textOf(settings.resourceArn)} without more input, and knows no better. Add to the member in the policy, and deploy: restore: { ${added} }`,
  ];
}
