/**
 * Recovery by replacement: a new resource is made from the artifact beside the present one, given its settings, and then has its name,
 * or is what the signpost says, so that applications find it where they look. The present one is kept; nothing is ever deleted.
 */
import { providerFault } from '#domain/faults.ts';
import type { Recovery, RecoveryTarget } from '#domain/recovery.ts';
import { keepUntil, type Stage } from '#domain/recovery-progress.ts';
import { tagKeys } from '#domain/tags.ts';
import { asFault, isUnderWay } from '#platform/aws-errors.ts';
import { environment } from '#platform/environment.ts';
import { momentOf } from '../continuous/continuous-service.ts';
import { type Decision, drive } from '../drive.ts';
import type { PhaseResult, Restorer } from '../restorer.ts';
import { decideHandBack, decideHandedOver, decideHandOver, leftToOthers } from './hand-over-decisions.ts';
import { leftovers } from './leftovers.ts';
import { answered, look, lookAtMade, lookAtNew } from './look.ts';
import { momentsOf } from './moments-of.ts';
import { calledOf, keepsOf, plan, removalOf } from './plan.ts';
import { type ReplacementDetail, replacementDetail, takesName } from './replacement-detail.ts';
import type { Action, Order, ReplacementService, Resource } from './replacement-service.ts';
import { nameOf, putSign, readSign } from './signpost.ts';
import { decideAttach, decideCreate, decideDetach, decideUndo, decideVerify, type Seen } from './swap-decisions.ts';

type Decide = (detail: ReplacementDetail, seen: Seen) => Decision<Action>;

/** How applications are led to the new one. */
type Way = Readonly<Record<'attach' | 'verify' | 'undo', Decide>>;

const byName: Way = { attach: decideAttach, verify: decideVerify, undo: decideUndo };
const bySignpost: Way = {
  attach: decideHandOver,
  verify: decideHandedOver,
  undo: decideHandBack,
};

export function replacement(service: ReplacementService): Restorer {
  const by =
    (what: keyof Way): Decide =>
    (detail, seen) =>
      (takesName(service, detail) ? byName : bySignpost)[what](detail, seen);
  const nothing = async (target: RecoveryTarget): Promise<PhaseResult> => ({ done: true, target });
  const phase = (stage: Exclude<Stage, 'create'>, decide: Decide) => (target: RecoveryTarget, recovery: Recovery) =>
    runPhase(service, { target, recovery, stage, decide });
  const giveUpName = phase('detach', decideDetach);
  const undo = phase('roll-back', by('undo'));
  return {
    plan: (point, request, workload) => plan(service, point, request, workload),
    create: (target, recovery) => create(service, target, recovery),
    // What is replaced is kept whole.
    safeguard: nothing,
    stop: nothing,
    detach: async (target, recovery) => {
      // Only a name has to be given up first.
      const detach = takesName(service, replacementDetail(target)) ? giveUpName : nothing;
      const result = await detach(target, recovery);
      if (result.done) await mark(service, replacementDetail(target), recovery);
      return result;
    },
    attach: phase('attach', by('attach')),
    start: nothing,
    verify: phase('verify', by('verify')),
    commit: async (target) => {
      await confirm(service, replacementDetail(target), by('verify'));
      return { done: true, target };
    },
    rollBack: async (target, recovery) => {
      const result = await undo(target, recovery);
      if (!result.done) return result;
      await unmark(service, replacementDetail(target));
      await setAside(service, replacementDetail(target));
      return { done: true, target: await withLeft(service, target) };
    },
    // A database is not deleted because a date has passed: its owner does that.
    tidy: async () => [],
    leftovers: (target) => leftovers(service, replacementDetail(target)),
  };
}

interface Phase {
  readonly target: RecoveryTarget;
  readonly recovery: Recovery;
  readonly stage: Exclude<Stage, 'create'>;
  readonly decide: Decide;
}

/** The change of a signpost is kept, to be awaited by whoever comes next; verifying only looks at what it says. */
async function runPhase(service: ReplacementService, { target, recovery, stage, decide }: Phase): Promise<PhaseResult> {
  let detail = replacementDetail(target);
  const { done } = await drive<Seen, Action>({
    ...{ target, recovery, stage },
    look: () => look(service, detail, stage === 'verify' ? undefined : detail.change),
    decide: (seen) => decide(detail, seen),
    perform: (action) =>
      action.kind === 'hand-over'
        ? attempt(service, detail, action, async () => {
            const change = await putSign(action.post, action.value);
            if (change !== undefined) detail = { ...detail, change };
          })
        : perform(service, detail, recovery, action),
  });
  return { done, target: { ...target, detail } };
}

/** What makes it is kept as soon as it is known, whatever the next look says: asked again, after it was not, a service answers for the same. */
async function create(service: ReplacementService, target: RecoveryTarget, recovery: Recovery): Promise<PhaseResult> {
  let detail = replacementDetail(target);
  const tags = tagsOf(recovery, 'restored');
  const restore = async () => {
    const { madeAs: name, snapshotId, settings } = detail;
    const job = await begin(service, { name, snapshotId, settings, tags });
    if (job !== undefined) detail = { ...detail, job };
  };
  const { done } = await drive<Seen, Action>({
    ...{ target, recovery, stage: 'create' },
    look: () => lookAtMade(service, detail, tags),
    decide: (seen) => decideCreate(detail, seen),
    perform: (action) =>
      action.kind === 'restore'
        ? attempt(service, detail, action, restore)
        : perform(service, detail, recovery, action).catch((error: unknown) => {
            detail = withRefused(detail, action, error);
            return undefined;
          }),
  }).catch((error: unknown) => {
    if (detail.job === replacementDetail(target).job) throw error;
    return { done: false };
  });
  const known = { ...target, detail };
  return done ? { done, target: await withRestored(service, known) } : { done, target: known };
}

/** @throws the error, where it cannot be without what was refused */
function withRefused(detail: ReplacementDetail, action: Action, error: unknown): ReplacementDetail {
  if (action.kind !== 'change' || action.change.mayLack !== true || !(error instanceof Error)) throw error;
  return { ...detail, refused: [...(detail.refused ?? []), { what: action.change.what, why: error.message }] };
}

const perform = (service: ReplacementService, detail: ReplacementDetail, recovery: Recovery, action: Action) =>
  attempt(service, detail, action, async () => {
    if (action.kind === 'rename') await service.rename?.(action.from, action.to);
    if (action.kind === 'change') {
      await service.change(action.name, action.change, { id: action.id, tags: tagsOf(recovery, 'restored') });
    }
  });

/** Refusals that pass with time are the next look's; the others end the phase. */
async function attempt(
  { kind }: ReplacementService,
  { madeAs }: ReplacementDetail,
  action: Action,
  asking: () => Promise<unknown>,
): Promise<string | undefined> {
  try {
    await asking();
    return undefined;
  } catch (error) {
    const fault = asFault(error, `${wordsOf(action)} (${kind} ${madeAs})`);
    if (fault.name === 'TransientFault' || isUnderWay(error)) return fault.message;
    throw fault;
  }
}

/** @returns as `ReplacementService.restore` */
async function begin(service: ReplacementService, order: Order): Promise<string | undefined> {
  const moment = momentOf(order.settings);
  if (moment === undefined) return service.restore(order);
  await momentsOf(service).restore(moment, order);
  return undefined;
}

function wordsOf(action: Action): string {
  if (action.kind === 'restore') return 'making the new one';
  if (action.kind === 'rename') return `renaming ${action.from} to ${action.to}`;
  if (action.kind === 'hand-over') return `writing ${action.value} to ${nameOf(action.post)}`;
  return `changing the ${action.change.what}`;
}

const tagsOf = ({ id, workload }: Recovery, role: 'restored' | 'replaced') => ({
  [tagKeys.stack]: environment.stack(),
  [tagKeys.workload]: workload,
  [tagKeys.recovery]: id,
  [tagKeys.role]: role,
});

async function withRestored(service: ReplacementService, target: RecoveryTarget): Promise<RecoveryTarget> {
  const detail = replacementDetail(target);
  const made = await lookedAt(service, detail);
  if (made === undefined) return target;
  return { ...target, ...keepsOf(service, detail, made), detail: { ...detail, restoredId: made.id } };
}

/** What it was going to be replaced by stays, too, and what somebody else leads applications to. */
async function withLeft(service: ReplacementService, target: RecoveryTarget): Promise<RecoveryTarget> {
  const detail = replacementDetail(target);
  const { handOver } = detail;
  const madeAs = await lookedAt(service, detail);
  const sign = handOver && (await answered(readSign(handOver), `reading ${nameOf(handOver)}`));
  const left = [...leftToOthers(detail, { madeAs, sign, missing: [] }), ...leftBehind(service, detail, madeAs)];
  return left.length === 0 ? target : { ...target, leaves: left.join(' ') };
}

/** @returns a sentence or none */
function leftBehind(
  service: ReplacementService,
  detail: ReplacementDetail,
  made: Resource | undefined,
): readonly string[] {
  // A job that has come to a bad end, and made nothing, has left nothing.
  if (made === undefined || (made.state === 'broken' && made.id === detail.job)) return [];
  // What is not ready has no data, and its service would save none.
  const removal = made.state === 'ready' ? removalOf(service, detail.madeAs, detail.madeAs) : '';
  return [
    `The ${service.kind} ${calledOf(detail.madeAs, made)}, which the recovery has made, is left as it is, and costs what it stores, until you delete it.${removal}`,
  ];
}

const lookedAt = (service: ReplacementService, detail: ReplacementDetail) =>
  answered(lookAtNew(service, detail), `looking at ${service.kind} ${detail.madeAs}`);

/** The last look before the point of no return. */
async function confirm(service: ReplacementService, detail: ReplacementDetail, verify: Decide): Promise<void> {
  const { waitingFor } = verify(detail, await look(service, detail));
  if (waitingFor === undefined) return;
  throw providerFault(`It was verified, and now waits for ${waitingFor}: something changed it since.`);
}

/** What makes way says so, and until when it is kept at least. Without a name or a signpost to hand over, it is what applications go on to use. */
async function mark(service: ReplacementService, detail: ReplacementDetail, recovery: Recovery): Promise<void> {
  const makesWay = service.rename !== undefined || detail.handOver !== undefined;
  if (detail.originalId === undefined || !makesWay) return;
  const tags = { ...tagsOf(recovery, 'replaced'), [tagKeys.expires]: keepUntil(recovery) };
  await answered(service.mark(detail.keptAs, tags), `marking ${service.kind} ${detail.keptAs} as replaced`);
}

const setAside = (service: ReplacementService, { madeAs }: ReplacementDetail): Promise<void> =>
  answered(service.setAside?.(madeAs) ?? Promise.resolve(), `setting ${service.kind} ${madeAs} aside`);

/** The original is in use again, and must not look like what may go. */
async function unmark(service: ReplacementService, { name, originalId }: ReplacementDetail): Promise<void> {
  if (originalId === undefined) return;
  const keys = [tagKeys.stack, tagKeys.workload, tagKeys.recovery, tagKeys.role, tagKeys.expires];
  await answered(service.unmark(name, keys), `taking the marks off ${service.kind} ${name}`);
}
