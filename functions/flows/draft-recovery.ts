/** What a recovery would do: the point that it uses and every provider's plan for it, or every reason why not. Changes nothing. */

import { isBackupPlanPoint } from '#domain/backup-plan-copy.ts';
import { orderProblems } from '#domain/cut.ts';
import { invalidRequest } from '#domain/faults.ts';
import type { Point } from '#domain/point.ts';
import type { Workload } from '#domain/policy.ts';
import type { RecoveryPlan, RecoveryRequest } from '#domain/recovery.ts';
import { recoverAgain } from '#domain/recovery-words.ts';
import { livePoints } from '#domain/retention.ts';
import { type Selection, selectPoint } from '#domain/select-point.ts';
import { pointsOf } from '#ledger/points.ts';
import { asFault } from '#platform/aws-errors.ts';
import { deployedPolicy } from '#platform/deployed-policy.ts';
import { providerOf, providersFor } from '#providers/index.ts';
import { needRefusals } from '#providers/recovery-room.ts';
import type { RestorePlan } from '#providers/restorer.ts';
import { restorerOf } from '#providers/restorers.ts';
import { draftSeed } from './draft-seed.ts';
import { pointsFromBackupPlans } from './points-from-backup-plans.ts';
import { pointsFromTags } from './points-from-tags.ts';
import { withStandIns } from './stand-ins.ts';

export interface RecoveryDraft {
  readonly point: Point;
  readonly plan: RecoveryPlan;
  /** `backup plan`: of a plan of AWS Backup; the ledger never has it. `files`: of no point, but of files in S3. */
  readonly from: 'own' | 'backup plan' | 'files';
  /** Points that their artifacts' tags tell of, and that the ledger has lost: all that were found, where it was looked for any. */
  readonly lost: readonly Point[];
}

/** @throws InvalidRequest with all refusals, one a line */
export async function draftRecovery(workload: Workload, request: RecoveryRequest): Promise<RecoveryDraft> {
  if (request.rdb !== undefined) {
    const { point, refusals } = await draftSeed(workload, request, request.rdb);
    return { point, plan: await planFor(point, workload, request, refusals), from: 'files', lost: [] };
  }
  const known = await pointsOf(workload.name);
  if (isBackupPlanPoint(request.point)) return draftFromBackupPlan(workload, request, known);
  const { selected, lost } = await select(workload, request, known);
  const newer = await newerOfBackupPlans(workload, request, known, 'point' in selected ? selected.point : undefined);
  if ('refusal' in selected) throw invalidRequest([selected.refusal, ...newer].join(' '));
  const { point, notes } = await withStandIns(selected.point);
  const plan = await planFor(point, workload, request);
  const warnings = [...knownByTags(point), ...notes, ...plan.warnings, ...newer];
  return { point, plan: { ...plan, warnings }, from: 'own', lost };
}

/** Tags can be changed by whoever may tag. @returns a sentence or none */
const knownByTags = ({ id, knownBy }: Point): readonly string[] =>
  knownBy === undefined
    ? []
    : [
        `The ledger had lost ${id}: it is put together from the tags of its parts, which others can have changed. That Holdfast made the parts, and of what, AWS itself says; the device, type, settings and tags of what comes back, and how consistent it is, only these tags do. Look whether the calls say what you expect.`,
      ];

/** Among the tags, too, where the ledger knows of none that is asked for: it may have been lost, and have later nights again. */
async function select(
  workload: Workload,
  request: RecoveryRequest,
  known: readonly Point[],
): Promise<{ readonly selected: Selection; readonly lost: readonly Point[] }> {
  const selected = selectPoint(known, request);
  const isKnown = known.some(({ id }) => id === request.point);
  if ('point' in selected || isKnown) return { selected, lost: [] };
  const tagged = await pointsFromTags(workload.name, providersFor([workload]));
  const lost = tagged.filter(({ id }) => !known.some((point) => point.id === id));
  return { selected: selectPoint([...known, ...lost], request), lost };
}

/** With what there is to say against it, since nobody has held anything still for it. */
async function draftFromBackupPlan(
  workload: Workload,
  request: RecoveryRequest,
  known: readonly Point[],
): Promise<RecoveryDraft> {
  const selected = selectPoint([...(await pointsFromBackupPlans(workload, known)), ...known], request);
  if ('refusal' in selected) throw invalidRequest(selected.refusal);
  const { point } = selected;
  const plan = await planFor(point, workload, request);
  return {
    point,
    plan: { ...plan, warnings: [...point.verdict.evidence, ...plan.warnings] },
    from: 'backup plan',
    lost: [],
  };
}

/**
 * Told to whoever asks for the newest and only looks, or would get nothing: never taken unasked, and in nobody's way.
 * @returns a sentence or none
 */
async function newerOfBackupPlans(
  workload: Workload,
  request: RecoveryRequest,
  known: readonly Point[],
  chosen: Point | undefined,
): Promise<readonly string[]> {
  const { point = 'latest', before, dryRun } = request;
  if (point !== 'latest' || before !== undefined || (chosen !== undefined && dryRun !== true)) return [];
  try {
    const [newest] = livePoints(await pointsFromBackupPlans(workload, known));
    if (newest === undefined || newest.takenAt <= (chosen?.takenAt ?? '')) return [];
    const command = `npx holdfast ${recoverAgain(request, newest.id)} --dry-run`;
    return [
      `A plan of AWS Backup has copied it at ${newest.takenAt}, with nothing held still. Look at that: ${command}`,
    ];
  } catch (error) {
    return [`Whether plans of AWS Backup have newer copies could not be seen: ${asFault(error, 'looking').message}`];
  }
}

/** @param found what speaks against it already */
async function planFor(
  point: Point,
  workload: Workload,
  request: RecoveryRequest,
  found: readonly string[] = [],
): Promise<RecoveryPlan> {
  const unproven = orderProblems(point.artifacts);
  if (unproven.length > 0) throw invalidRequest(unproven.join('\n'));
  const kinds = [...new Set(point.artifacts.map(({ kind }) => kind))];
  if (request.replace === true) refuseUnlessWhole(request, kinds);
  const others = deployedPolicy().workloads.filter(({ name }) => name !== workload.name);
  const plans = await Promise.all(kinds.map((kind) => restorerOf(kind).plan(point, request, workload, others)));
  // Each kind knows what it makes; what they share has to have room for all.
  const lacking = needRefusals(plans.flatMap(({ needs = [] }) => needs));
  const refusals = [...found, ...lacking, ...plans.flatMap((plan) => plan.refusals)];
  if (refusals.length > 0) throw invalidRequest(refusals.join('\n'));
  return {
    targets: plans.flatMap((plan) => plan.targets),
    ...workload.recovery,
    calls: plans.flatMap((plan) => plan.calls),
    warnings: [...plans.flatMap((plan) => plan.warnings), ...(await restoreNotes(point, plans))],
  };
}

/** Of kinds of which something is brought back. */
async function restoreNotes({ artifacts }: Point, plans: readonly RestorePlan[]): Promise<readonly string[]> {
  const kinds = [...new Set(plans.flatMap(({ targets }) => targets.map(({ kind }) => kind)))];
  const notes = await Promise.all(
    kinds.map((kind) => {
      const own = artifacts.filter((artifact) => artifact.kind === kind);
      return providerOf(kind).restoreNotes?.([], own);
    }),
  );
  return notes.flatMap((each) => each ?? []);
}

/** What is not launched anew takes no place, or always does. */
function refuseUnlessWhole({ volumes, toInstance }: RecoveryRequest, kinds: readonly string[]): void {
  if (!kinds.includes('ami')) {
    throw invalidRequest('--replace is for members of kind ami, and the point has none. Recover without it.');
  }
  if (volumes === undefined && toInstance === undefined) return;
  throw invalidRequest('--replace is for whole instances: recover without --volume and --to-instance, or without it.');
}
