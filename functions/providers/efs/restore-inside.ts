/**
 * The files of then in the present file system: AWS Backup puts them into a folder of their own at its root, beside those of now, which nothing touches. What
 * of them is wanted a person takes from there, and deletes the rest. https://docs.aws.amazon.com/aws-backup/latest/devguide/restoring-efs.html
 */
import type { Artifact } from '#domain/artifact.ts';
import type { RecoveryTarget } from '#domain/recovery.ts';
import { textOf } from '../backup-jobs.ts';
import { pointRefusals } from '../backup-points.ts';
import { replacement } from '../replacement/replacement.ts';
import { replacementDetail } from '../replacement/replacement-detail.ts';
import type { ReplacementService, Resource, Settings } from '../replacement/replacement-service.ts';
import { lostRestore, restoredInside, startRestore } from '../restore-jobs.ts';
import { restoreLine } from '../restore-lines.ts';
import type { PhaseResult, Restorer } from '../restorer.ts';
import { systemOf } from './file-system.ts';
import { lookAt } from './look.ts';
import { tooLarge } from './too-large.ts';

/** Nothing is made but a folder, which is known by its job. */
const service: ReplacementService = {
  kind: 'efs',
  mostNameCharacters: 64,
  look: (name, job) => (job === undefined ? lookAt(name) : lookAtFolder(job)),
  lookForLost: async (_, settings) => {
    const job = await lostRestore(settings);
    return job === undefined ? undefined : lookAtFolder(job);
  },
  prepare,
  missing: async () => [],
  change: async () => undefined,
  differences: () => [
    'its files of now stay where they are, and whatever else is recovered does not refer to them: those of then are put beside them.',
  ],
  leftToDo: ({ fileSystemId }) => [
    `The files are put into a folder ${folder} of ${textOf(fileSystemId)}. Its backups contain that folder, too, until somebody deletes it.`,
    `On a Linux host that reaches it, as root: mkdir -p /mnt/files && mount -t nfs4 -o nfsvers=4.1 <IP address of a mount target of ${textOf(fileSystemId)}>:/ /mnt/files && ls -d /mnt/files/aws-backup-restore_*`,
  ],
  refusals: async (_, settings) => [
    ...(await pointRefusals(settings)),
    ...tooLarge(settings),
    ...(settings.fileSystemId === undefined
      ? [
          'There is no such file system any more that files could be put into: leave restoreInto out of the policy, and a new one is made.',
        ]
      : []),
  ],
  restore: ({ name, settings }) =>
    startRestore({ token: name, type: 'EFS', settings, metadata: metadataOf(name, settings) }),
  mark: async () => undefined,
  unmark: async () => undefined,
  lines: { restore: ({ name, settings }) => restoreLine(settings, JSON.stringify(metadataOf(name, settings))) },
};

const beside = replacement(service);

/** In the words of what is there: no second file system. */
export const restoreInside: Restorer = {
  ...beside,
  plan: async (point, request, workload, others) => {
    const plan = await beside.plan(point, request, workload, others);
    return { ...plan, targets: plan.targets.map(told) };
  },
  create: async (target, recovery) => toldOf(await beside.create(target, recovery)),
  rollBack: async (target, recovery) => {
    const { done, target: left } = await beside.rollBack(target, recovery);
    if (left.leaves === undefined) return { done, target: left };
    return { done, target: { ...left, leaves: `${whereOf(left)} The recovery has left it there: delete it.` } };
  },
};

const folder = '/aws-backup-restore_<time>';

const toldOf = ({ done, target }: PhaseResult): PhaseResult => ({ done, target: done ? told(target) : target });

const told = (target: RecoveryTarget): RecoveryTarget => ({
  ...target,
  keeps: `${whereOf(target)} Those of now are as they were, and in use. Delete the folder when nobody needs it any more: until then it is backed up, too.`,
});

function whereOf(target: RecoveryTarget): string {
  const { name, job } = replacementDetail(target);
  const by = job === undefined ? '' : `, of the time of the restore job ${job}`;
  return `The files of then lie in the folder ${folder} of efs ${name}${by}.`;
}

async function lookAtFolder(job: string): Promise<Resource | undefined> {
  const found = await restoredInside(job);
  return found && { id: job, ...found };
}

/** What the present one is, AWS Backup wants to be told, though it makes none. */
async function prepare({ source, detail }: Artifact): Promise<Settings> {
  const system = await systemOf(source);
  const present = { fileSystemId: source, isEncrypted: system?.Encrypted, mode: system?.PerformanceMode };
  return { ...detail, plannedAt: new Date().toISOString(), isInside: true, ...(system === undefined ? {} : present) };
}

const metadataOf = (name: string, { fileSystemId, isEncrypted, mode }: Settings) => ({
  newFileSystem: 'false',
  'file-system-id': textOf(fileSystemId),
  CreationToken: name,
  Encrypted: String(isEncrypted === true),
  PerformanceMode: textOf(mode),
});

/** Whether a target is of here. */
export const isInside = (target: RecoveryTarget): boolean => replacementDetail(target).settings.isInside === true;
