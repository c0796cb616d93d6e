/**
 * A new file system from a copy of AWS Backup, beside the present one, with what AWS Backup forgets. It restores files into a folder of its own, from
 * which an instance that mounts the file system moves them to the root. File systems cannot be renamed: an SSM parameter says which one applications use.
 * https://docs.aws.amazon.com/aws-backup/latest/devguide/restoring-efs.html
 */
import { type FileSystemDescription, TagResourceCommand, UntagResourceCommand } from '@aws-sdk/client-efs';
import type { Artifact } from '#domain/artifact.ts';
import { durationWords } from '#domain/duration.ts';
import { invalidRequest } from '#domain/faults.ts';
import type { Workload } from '#domain/policy.ts';
import { managedCreateMinutes } from '#domain/recovery-progress.ts';
import { efs } from '#platform/clients/efs.ts';
import { pointRefusals } from '../backup-points.ts';
import { replacement } from '../replacement/replacement.ts';
import type { ReplacementService, Resource, Settings } from '../replacement/replacement-service.ts';
import { restored, startRestore } from '../restore-jobs.ts';
import { restoreLine } from '../restore-lines.ts';
import type { Restorer } from '../restorer.ts';
import { tagList } from '../tag-list.ts';
import { changesOf, type EfsChange, makeChange } from './changes.ts';
import { differencesOf, leastRestoreMs, leftToDo } from './differences.ts';
import { backupPolicy, systemMadeBy, systemOf } from './file-system.ts';
import { promoterOf } from './promoter.ts';
import { promotionOf } from './promotion-of.ts';
import { areEfsSettings, type EfsSettings, settingsOf } from './settings.ts';
import { verifyCalls, verifyOnPromoter } from './verify.ts';

/** By its id; what a recovery makes is known by its job, and called by its creation token until it has an id. */
const service: ReplacementService = {
  kind: 'efs',
  /** https://docs.aws.amazon.com/efs/latest/ug/API_CreateFileSystem.html: CreationToken */
  mostNameCharacters: 64,
  look: (name, job) => (job === undefined ? lookAt(name) : lookAtMade(job)),
  lookForLost: async (token) => seen(await systemMadeBy(token)),
  prepare,
  missing: async (_, settings, { id, tags }) => {
    const system = await systemOf(id);
    if (system === undefined) return [];
    const [now, automaticBackups] = await Promise.all([settingsOf(system), backupPolicy(id)]);
    const { promoteOn, cleanUp } = promotionOf(settings);
    const wanted = { settings: efsSettings(settings), marks: tags, promoteOn, cleanUp };
    return changesOf({ id, settings: now, automaticBackups }, wanted);
  },
  // Changes are made by `changesOf` alone, and come back from there as they are.
  change: (name, change, { id }) => makeChange(name, id, change as EfsChange),
  differences: (settings) =>
    differencesOf(efsSettings(settings), { areOfNow: settings.areOfNow === true, ...promotionOf(settings) }),
  leftToDo: (settings, name) => {
    const { promoteOn, cleanUp } = promotionOf(settings);
    return promoteOn === undefined ? leftToDo(efsSettings(settings), name, cleanUp) : [];
  },
  refusals: async (_, settings) => [...(await pointRefusals(settings)), ...tooLarge(efsSettings(settings))],
  restore: ({ name, settings }) =>
    startRestore({ token: name, type: 'EFS', settings, metadata: metadataOf(name, efsSettings(settings)) }),
  mark: async (ResourceId, tags) => {
    await efs().send(new TagResourceCommand({ ResourceId, Tags: tagList(tags) }));
  },
  unmark: async (ResourceId, keys) => {
    await efs().send(new UntagResourceCommand({ ResourceId, TagKeys: [...keys] }));
  },
  lines: {
    restore: ({ name, settings }) => restoreLine(settings, JSON.stringify(metadataOf(name, efsSettings(settings)))),
  },
};

const beside = replacement(service);

export const efsRestore: Restorer = {
  ...beside,
  plan: async (point, request, workload) => {
    const plan = await beside.plan(point, request, workload);
    return { ...plan, calls: [...plan.calls, ...verifyCalls(plan.targets, point, workload)] };
  },
  verify: async (target, recovery) => {
    const handedOver = await beside.verify(target, recovery);
    return handedOver.done ? await verifyOnPromoter(target, recovery) : handedOver;
  },
};

const broken = ['deleted', 'deleting', 'error'];

async function lookAt(name: string): Promise<Resource | undefined> {
  return /^fs-[0-9a-f]+$/.test(name) ? seen(await systemOf(name)) : undefined;
}

function seen(system: FileSystemDescription | undefined): Resource | undefined {
  if (system === undefined) return undefined;
  const { FileSystemId: id = '', LifeCycleState: words = 'unknown' } = system;
  return {
    id,
    words,
    endpoint: id,
    state: words === 'available' ? 'ready' : broken.includes(words) ? 'broken' : 'passing',
  };
}

/** There is a file system before its files are in it. */
async function lookAtMade(job: string): Promise<Resource | undefined> {
  const made = await restored(job);
  if (made === undefined || made.createdArn === undefined) return made && { id: job, ...made };
  const id = idOf(made.createdArn);
  return made.state === 'ready' ? lookAt(id) : { ...made, id, endpoint: id };
}

const idOf = (arn: string): string => arn.split('/').at(-1) ?? '';

/** With who moves the files, and what goes then. @throws InvalidRequest when neither then nor now anything is known of the file system */
async function prepare({ source, detail }: Artifact, workload: Workload): Promise<Settings> {
  const settings = areEfsSettings(detail) ? detail : { ...(await settingsOfNow(source, detail)), ...detail };
  const promoteOn = settings.mountTargets.length === 0 ? undefined : await promoterOf(source, workload);
  const [cleanUp] = workload.members.flatMap((member) =>
    member.kind === 'efs' && member.resource === source ? (member.cleanUp ?? []) : [],
  );
  return {
    ...settings,
    ...(promoteOn === undefined ? {} : { promoteOn }),
    ...(cleanUp === undefined ? {} : { cleanUp }),
  };
}

async function settingsOfNow(source: string, detail: Artifact['detail']) {
  const system = await systemOf(source);
  if (system !== undefined) return { ...(await settingsOf(system)), areOfNow: true };
  throw invalidRequest(
    `What efs ${source} was like is not known any more: it went with the ledger, and there is no such file system now. Make a new one by hand: ${restoreLine(detail, '{"newFileSystem":"true","Encrypted":"true","PerformanceMode":"generalPurpose","CreationToken":"…"}')}`,
  );
}

/** @throws InvalidRequest for what `prepare` has not made */
function efsSettings(settings: Settings): EfsSettings {
  if (areEfsSettings(settings)) return settings;
  throw invalidRequest('What the file system was like is not known.');
}

/** Of a file system like the old one. https://docs.aws.amazon.com/aws-backup/latest/devguide/restoring-efs.html */
const metadataOf = (name: string, { encrypted, kmsKeyId, performanceMode, availabilityZone }: EfsSettings) => ({
  newFileSystem: 'true',
  CreationToken: name,
  Encrypted: String(encrypted),
  ...(kmsKeyId === undefined ? {} : { KmsKeyId: kmsKeyId }),
  PerformanceMode: performanceMode ?? 'generalPurpose',
  ...(availabilityZone === undefined ? {} : { singleAzFilesystem: 'true', availabilityZoneName: availabilityZone }),
});

function tooLarge(settings: EfsSettings): readonly string[] {
  const ms = leastRestoreMs(settings);
  if (ms < managedCreateMinutes * 60_000) return [];
  return [
    `AWS Backup needs at least ${durationWords(ms)} for its ${settings.sizeBytes} bytes, and a recovery waits ${durationWords(managedCreateMinutes * 60_000)}: restore it by hand.`,
  ];
}
