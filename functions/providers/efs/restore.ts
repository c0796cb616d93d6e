/**
 * A new file system from a copy of AWS Backup, beside the present one, with what AWS Backup forgets. It restores files into a folder of its own, from
 * which an instance that mounts the file system moves them to the root. File systems cannot be renamed: an SSM parameter says which one applications use.
 * https://docs.aws.amazon.com/aws-backup/latest/devguide/restoring-efs.html
 */
import { TagResourceCommand, UntagResourceCommand } from '@aws-sdk/client-efs';
import type { Artifact } from '#domain/artifact.ts';
import { invalidRequest } from '#domain/faults.ts';
import type { Point } from '#domain/point.ts';
import type { Workload } from '#domain/policy.ts';
import type { RecoveryTarget } from '#domain/recovery.ts';
import { efs } from '#platform/clients/efs.ts';
import { pointRefusals } from '../backup-points.ts';
import { replacement } from '../replacement/replacement.ts';
import type { ReplacementService, Resource, Settings } from '../replacement/replacement-service.ts';
import { restored, startRestore } from '../restore-jobs.ts';
import { restoreLine } from '../restore-lines.ts';
import type { Restorer } from '../restorer.ts';
import { tagList, tagsIn } from '../tag-list.ts';
import { type EfsChange, featuresDue, makeChange, placingDue } from './changes.ts';
import { differencesOf, leftToDo } from './differences.ts';
import { backupPolicy, systemMadeBy, systemOf } from './file-system.ts';
import { lookAt, seen } from './look.ts';
import { promoterOf } from './promoter.ts';
import { promotionOf } from './promotion-of.ts';
import { isInside, restoreInside } from './restore-inside.ts';
import {
  areEfsSettings,
  type EfsSettings,
  featuresOf,
  mountTargetsSeen,
  settingsOf,
  throughputOf,
} from './settings.ts';
import { tooLarge } from './too-large.ts';
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
    const { promoteOn, cleanUp } = promotionOf(settings);
    const wanted = { settings: efsSettings(settings), marks: tags, promoteOn, cleanUp };
    const placed = { tags: tagsIn(system.Tags), mountTargets: await mountTargetsSeen(id) };
    const due = placingDue({ settings: placed }, wanted);
    if (due.length > 0) return due;
    const [features, automaticBackups] = await Promise.all([featuresOf(id), backupPolicy(id)]);
    return featuresDue({ id, settings: { ...features, ...throughputOf(system) }, automaticBackups }, wanted);
  },
  // Changes come from `missing` alone, and come back from there as they are.
  change: (name, change, { id }) => makeChange(name, id, change as EfsChange),
  differences: (settings) =>
    differencesOf(efsSettings(settings), { areOfNow: settings.areOfNow === true, ...promotionOf(settings) }),
  leftToDo: (settings, name) => {
    const { promoteOn, cleanUp } = promotionOf(settings);
    return promoteOn === undefined ? leftToDo(efsSettings(settings), name, cleanUp) : [];
  },
  refusals: async (_, settings) => [...(await pointRefusals(settings)), ...tooLarge(settings)],
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

const restoreNew: Restorer = {
  ...beside,
  plan: async (point, request, workload, others) => {
    const plan = await beside.plan(point, request, workload, others);
    return { ...plan, calls: [...plan.calls, ...verifyCalls(plan.targets, point, workload)] };
  },
  verify: async (target, recovery) => {
    const handedOver = await beside.verify(target, recovery);
    return handedOver.done ? await verifyOnPromoter(target, recovery) : handedOver;
  },
};

const restorerFor = (target: RecoveryTarget): Restorer => (isInside(target) ? restoreInside : restoreNew);

/** Each file system as its member says: a new one, or a folder in the present one. */
export const efsRestore: Restorer = {
  plan: async (point, request, workload, others) => {
    const goInside = new Set(
      workload.members.flatMap((member) =>
        member.kind === 'efs' && member.restoreInto === 'present' ? [member.resource] : [],
      ),
    );
    const some = (inside: boolean): Point => ({
      ...point,
      artifacts: point.artifacts.filter(({ kind, source }) => kind !== 'efs' || goInside.has(source) === inside),
    });
    const plans = [
      await restoreNew.plan(some(false), request, workload, others),
      await restoreInside.plan(some(true), request, workload, others),
    ];
    return {
      targets: plans.flatMap(({ targets }) => targets),
      refusals: plans.flatMap(({ refusals }) => refusals),
      warnings: plans.flatMap(({ warnings }) => warnings),
      calls: plans.flatMap(({ calls }) => calls),
    };
  },
  create: (target, recovery) => restorerFor(target).create(target, recovery),
  safeguard: (target, recovery) => restorerFor(target).safeguard(target, recovery),
  stop: (target, recovery) => restorerFor(target).stop(target, recovery),
  detach: (target, recovery) => restorerFor(target).detach(target, recovery),
  attach: (target, recovery) => restorerFor(target).attach(target, recovery),
  start: (target, recovery) => restorerFor(target).start(target, recovery),
  verify: (target, recovery) => restorerFor(target).verify(target, recovery),
  commit: (target, recovery) => restorerFor(target).commit(target, recovery),
  rollBack: (target, recovery) => restorerFor(target).rollBack(target, recovery),
  tidy: (target, recovery) => restorerFor(target).tidy(target, recovery),
  leftovers: (target, recovery) => restorerFor(target).leftovers(target, recovery),
};

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
