/**
 * Recovery by replacement: a new resource is made from the artifact beside the present one, given its settings, and the names are
 * swapped, so that applications find it where they look. The present one is kept under another name; nothing is ever deleted.
 */
import { createHash } from 'node:crypto';
import type { ApplicationState } from '#domain/application-state.ts';
import type { Artifact } from '#domain/artifact.ts';
import { type Fault, providerFault } from '#domain/faults.ts';
import type { Recovery, RecoveryRequest, RecoveryTarget } from '#domain/recovery.ts';
import { keepUntil, type Stage } from '#domain/recovery-progress.ts';
import { tagKeys } from '#domain/tags.ts';
import { asFault } from '#platform/aws-errors.ts';
import { environment } from '#platform/environment.ts';
import { type Decision, drive } from '../drive.ts';
import type { Leftovers, PhaseResult, RestorePlan, Restorer } from '../restorer.ts';
import { type ReplacementDetail, replacementDetail } from './replacement-detail.ts';
import type { Action, ReplacementService } from './replacement-service.ts';
import { decideAttach, decideCreate, decideDetach, decideUndo, decideVerify, type Seen } from './swap-decisions.ts';

export function replacement(service: ReplacementService): Restorer {
  const nothing = async (target: RecoveryTarget): Promise<PhaseResult> => ({ done: true, target });
  const phase =
    (stage: Stage, decide: (detail: ReplacementDetail, seen: Seen) => Decision<Action>) =>
    (target: RecoveryTarget, recovery: Recovery) => {
      const detail = replacementDetail(target);
      return drive<Seen, Action>({
        ...{ target, recovery, stage },
        look: () => look(service, detail, stage),
        decide: (seen) => decide(detail, seen),
        perform: (action) => perform(service, detail, recovery, action),
      });
    };
  const create = phase('create', decideCreate);
  return {
    plan: (point, request) =>
      plan(
        service,
        point.artifacts.filter(({ kind }) => kind === service.kind),
        request,
      ),
    create: async (target, recovery) => {
      const made = await create(target, recovery);
      return made.done ? { done: true, target: await withRestored(service, target) } : made;
    },
    // What is replaced is kept whole.
    safeguard: nothing,
    stop: nothing,
    detach: phase('detach', decideDetach),
    attach: phase('attach', decideAttach),
    start: nothing,
    verify: phase('verify', decideVerify),
    commit: async (target, recovery) => {
      await confirm(service, replacementDetail(target));
      await mark(service, replacementDetail(target), recovery);
      return { done: true, target };
    },
    rollBack: phase('roll-back', decideUndo),
    // A database is not deleted because a date has passed: its owner does that.
    tidy: async () => [],
    leftovers: (target) => leftovers(service, replacementDetail(target)),
  };
}

async function plan(
  service: ReplacementService,
  artifacts: readonly Artifact[],
  request: RecoveryRequest,
): Promise<RestorePlan> {
  const chosen = request.volumes === undefined && request.toInstance === undefined ? artifacts : [];
  const plans = await Promise.all(chosen.map((artifact) => planOne(service, artifact)));
  return {
    targets: plans.map(({ detail }) => ({
      kind: service.kind,
      resource: detail.name,
      ...kept(service, detail),
      detail,
    })),
    refusals: plans.flatMap(({ refusals }) => refusals),
    warnings: plans.flatMap(({ warnings }) => warnings),
    calls: plans.flatMap(({ calls }) => calls),
  };
}

const kept = ({ kind }: ReplacementService, { name, keptAs, originalId }: ReplacementDetail) =>
  originalId === undefined
    ? {}
    : { keeps: `The ${kind} ${name} of before is kept as ${keptAs}, and costs what it did, until you delete it.` };

async function planOne(service: ReplacementService, { id, source, detail: settings }: Artifact) {
  const mark = createHash('sha256').update(`${id} ${Date.now()}`).digest('hex').slice(0, 6);
  const stem = source.slice(0, service.mostNameCharacters - 11).replace(/-+$/, '');
  const [madeAs, keptAs] = [`${stem}-new-${mark}`, `${stem}-old-${mark}`];
  const present = await answered(service.look(source), `looking at ${service.kind} ${source}`);
  const detail: ReplacementDetail = {
    ...{ name: source, madeAs, keptAs, snapshotId: id, settings },
    ...(present === undefined ? {} : { originalId: present.id }),
  };
  const { lines } = service;
  return {
    detail,
    refusals: [
      ...(await answered(service.refusals(id), `looking at ${service.kind} ${id}`)),
      ...(present !== undefined && present.state !== 'ready'
        ? [`${service.kind} ${source} is ${present.words}, and cannot be renamed now: wait until it is available.`]
        : []),
    ],
    warnings: [
      ...service.differences(settings).map((difference) => `${service.kind} ${source}: ${difference}`),
      ...(present === undefined ? [`${service.kind} ${source} does not exist any more; it is made anew.`] : []),
    ],
    calls: [
      lines.restore({ name: madeAs, snapshotId: id }),
      ...(present === undefined ? [] : [lines.rename(source, keptAs)]),
      lines.rename(madeAs, source),
    ],
  };
}

const answered = <Value>(asking: Promise<Value>, doing: string): Promise<Value> =>
  asking.catch((error: unknown) => {
    throw asFault(error, doing);
  });

/** No more than the stage decides by. */
async function look(service: ReplacementService, detail: ReplacementDetail, stage: Stage): Promise<Seen> {
  const { name, madeAs, keptAs, settings } = detail;
  if (stage === 'create') {
    const made = await service.look(madeAs);
    return { madeAs: made, missing: made?.state === 'ready' ? await service.missing(madeAs, settings) : [] };
  }
  const [present, made, kept] = await Promise.all([name, madeAs, keptAs].map((each) => service.look(each)));
  return { name: present, madeAs: made, keptAs: kept, missing: [] };
}

/** Refusals that pass with time are the next look's; the others end the phase. */
async function perform(
  service: ReplacementService,
  { madeAs, snapshotId, settings }: ReplacementDetail,
  recovery: Recovery,
  action: Action,
): Promise<string | undefined> {
  try {
    if (action.kind === 'restore') {
      await service.restore({ name: madeAs, snapshotId, settings, tags: tagsOf(recovery, 'restored') });
    }
    if (action.kind === 'rename') await service.rename(action.from, action.to);
    if (action.kind === 'change') await service.change(action.name, action.change);
    return undefined;
  } catch (error) {
    const fault: Fault = asFault(error, `${wordsOf(action)} of ${service.kind} ${madeAs}`);
    if (fault.name === 'TransientFault') return fault.message;
    throw fault;
  }
}

const wordsOf = (action: Action): string =>
  action.kind === 'restore'
    ? 'making'
    : action.kind === 'rename'
      ? `renaming ${action.from} to ${action.to}`
      : `changing the ${action.change.what}`;

const tagsOf = ({ id, workload }: Recovery, role: 'restored' | 'replaced') => ({
  [tagKeys.stack]: environment.stack(),
  [tagKeys.workload]: workload,
  [tagKeys.recovery]: id,
  [tagKeys.role]: role,
});

async function withRestored(service: ReplacementService, target: RecoveryTarget): Promise<RecoveryTarget> {
  const detail = replacementDetail(target);
  const made = await answered(service.look(detail.madeAs), `looking at ${service.kind} ${detail.madeAs}`);
  return made === undefined ? target : { ...target, detail: { ...detail, restoredId: made.id } };
}

/** The last look before the point of no return. */
async function confirm(service: ReplacementService, { name, restoredId }: ReplacementDetail): Promise<void> {
  const now = await answered(service.look(name), `looking at ${service.kind} ${name}`);
  if (now !== undefined && now.id === restoredId && now.state === 'ready') return;
  throw providerFault(
    `${service.kind} ${name} is ${now === undefined ? 'gone' : `${now.words} and ${now.id}`}: something changed it after it was verified.`,
  );
}

async function mark(service: ReplacementService, detail: ReplacementDetail, recovery: Recovery): Promise<void> {
  if (detail.originalId === undefined) return;
  const tags = { ...tagsOf(recovery, 'replaced'), [tagKeys.expires]: keepUntil(recovery) };
  await answered(service.mark(detail.keptAs, tags), `marking ${service.kind} ${detail.keptAs} as replaced`);
}

/** The commands stand in the order in which they must be run. Never throws: without AWS it tells what the ledger knows. */
async function leftovers(service: ReplacementService, detail: ReplacementDetail): Promise<Leftovers> {
  const { name, madeAs, keptAs, originalId } = detail;
  const seen = await look(service, detail, 'roll-back').catch(() => undefined);
  const show = (as: string, resource: Seen['name']) =>
    resource === undefined
      ? `${service.kind} ${as}: there is none.`
      : `${service.kind} ${as} is ${resource.id}, ${resource.words}${roleOf(detail, resource.id)}.`;
  const back = [
    ...(seen?.name === undefined || seen.name.id === originalId ? [] : [service.lines.rename(name, madeAs)]),
    ...(originalId === undefined || seen?.name?.id === originalId ? [] : [service.lines.rename(keptAs, name)]),
  ];
  return {
    application: stateOf(detail, seen),
    lines: [
      ...(seen === undefined
        ? [`${service.kind} could not be asked what is called ${name}, ${madeAs} and ${keptAs}.`]
        : [show(name, seen.name), show(madeAs, seen.madeAs), show(keptAs, seen.keptAs)]),
      ...(back.length === 0
        ? []
        : ['To bring it back as it was, run, and wait after each until it is available:', ...back]),
    ],
  };
}

const roleOf = ({ originalId, restoredId }: ReplacementDetail, id: string): string =>
  id === originalId ? ' (the original)' : id === restoredId ? ' (made by the recovery)' : '';

function stateOf({ originalId, restoredId }: ReplacementDetail, seen: Seen | undefined): ApplicationState {
  if (seen === undefined) return 'unknown';
  if (seen.name === undefined || seen.name.state !== 'ready') return 'down';
  if (seen.name.id === originalId) return 'runs-on-originals';
  return seen.name.id === restoredId ? 'runs-on-restored' : 'runs-on-mixed';
}
