/** What a new file system has otherwise than the old one, and what of it a person must do: for the plan, and the mail. */
import type { CleanUp } from '#domain/clean-up.ts';
import { durationWords } from '#domain/duration.ts';
import { tagKeys } from '#domain/tags.ts';
import type { AccessPoint, EfsSettings } from './settings.ts';

/** The most that AWS Backup restores in a second. https://docs.aws.amazon.com/efs/latest/ug/awsbackup.html#backup-performance */
const mostBytesPerMs = 200_000;

export const leastRestoreMs = ({ sizeBytes }: EfsSettings): number => sizeBytes / mostBytesPerMs;

interface Told {
  /** The settings are those of the present file system. */
  readonly areOfNow: boolean;
  readonly promoteOn?: string | undefined;
  readonly cleanUp?: CleanUp | undefined;
}

export const differencesOf = (settings: EfsSettings, { areOfNow, promoteOn, cleanUp }: Told): readonly string[] => [
  ...(areOfNow ? ['what it was like then went with the ledger: the new one is given what the present one has.'] : []),
  `the new one has another id, and its mount targets have other IP addresses: what names the old ones does not find it.`,
  ...(settings.accessPoints.length === 0
    ? []
    : [
        `its access points have other ids; the tag ${tagKeys.source} of each says which one it stands for (task definitions, Lambda functions and volumes of Kubernetes name them).`,
      ]),
  ...(settings.replicas ?? []).map((replica) => `it is not replicated to ${replica} any more.`),
  'its root folder belongs to root, with mode 755; everything lies in the storage class Standard.',
  ...(promoteOn === undefined
    ? []
    : [`${promoteOn} mounts the new one for a moment, and moves the restored files to their place.`]),
  ...(promoteOn === undefined || cleanUp === undefined
    ? []
    : [
        `${promoteOn} deletes temporary files there (${[...cleanUp.files, ...cleanUp.folders.map((name) => `${name}/`)].join(', ')}).`,
      ]),
  ...(leastRestoreMs(settings) < 600_000
    ? []
    : [`AWS Backup needs at least ${durationWords(leastRestoreMs(settings))} to restore it.`]),
];

/** @param name that the new one is made under; `cleanUp`: what is to go before anybody is led there */
export const leftToDo = (settings: EfsSettings, name: string, cleanUp?: CleanUp): readonly string[] => [
  `The files lie below /aws-backup-restore_<time> of the new file system until somebody moves them to its root: no instance that could is named by promoteOn, or is of the workload. Nobody is led to it before. Its id: aws efs describe-file-systems --creation-token ${name}`,
  'On a Linux host that reaches it, as root: mkdir -p /mnt/restored && mount -t nfs4 -o nfsvers=4.1 <IP address of a mount target>:/ /mnt/restored',
  'cd /mnt/restored/aws-backup-restore_* && find . -mindepth 1 -maxdepth 1 ! -name "aws-backup-*" -exec mv -nT {} /mnt/restored/{} \\;',
  ...(cleanUp?.roots ?? []).map((root) => `cd /mnt/restored${root} && ${deletingLine(cleanUp)}`),
  'cd / && umount /mnt/restored',
  ...settings.accessPoints.map(accessPointLine),
];

const deletingLine = ({ files = [], folders = [] }: Partial<CleanUp> = {}): string =>
  `find . -xdev -mindepth 1 \\( ${[
    ...files.map((name) => `! -type d -name "${name}"`),
    ...folders.map((name) => `-path "*/${name}/*"`),
  ].join(' -o ')} \\) ! -path "./aws-backup-*" -delete`;

const accessPointLine = ({ id, PosixUser, RootDirectory, tags }: AccessPoint): string =>
  [
    'aws efs create-access-point --file-system-id <its id>',
    ...(PosixUser === undefined ? [] : [`--posix-user '${JSON.stringify(PosixUser)}'`]),
    ...(RootDirectory === undefined ? [] : [`--root-directory '${JSON.stringify(RootDirectory)}'`]),
    `--tags '${JSON.stringify(Object.entries({ ...tags, [tagKeys.source]: id }).map(([Key, Value]) => ({ Key, Value })))}'`,
  ].join(' ');
