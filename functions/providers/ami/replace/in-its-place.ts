/**
 * Where the operator asks for it, a new instance takes the place of the present one: that is stopped, and its Elastic IP address leads to the
 * new one. No recovery can know by itself whether that is wanted. Nothing is terminated: the way back is to do it the other way round.
 * https://docs.aws.amazon.com/AWSEC2/latest/APIReference/API_AssociateAddress.html
 */
import { providerFault } from '#domain/faults.ts';
import type { Recovery, RecoveryTarget } from '#domain/recovery.ts';
import type { Stage } from '#domain/recovery-progress.ts';
import { drive, isDone } from '../../drive.ts';
import { missingReplacedTags } from '../../ebs/restore/tags.ts';
import { answered } from '../../replacement/look.ts';
import type { PhaseResult, Restorer } from '../../restorer.ts';
import { undoTwice } from '../../undo-twice.ts';
import { type Action, perform } from './action.ts';
import { type Decision, decideAttach, decideBack, decideStop, decideUnmark } from './decisions.ts';
import { withKeeps } from './keeps.ts';
import { leftovers } from './leftovers.ts';
import { plan } from './plan.ts';
import { type Replacing, replacingOf } from './replaced.ts';
import { look, lookAt } from './world.ts';

/**
 * @param beside launches it, and does nothing else
 * @param launching plans that, with what is left to do after it has taken the place
 */
export function inItsPlace(beside: Restorer, launching: Restorer['plan']): Restorer {
  return {
    ...beside,
    plan: (point, request, workload, others) =>
      request.replace === true
        ? plan(launching, { point, request, workload, others })
        : beside.plan(point, request, workload, others),
    create: async (target, recovery) => {
      const { done, target: made } = await beside.create(target, recovery);
      return { done, target: withKeeps(made) };
    },
    stop: where(stop, beside.stop),
    attach: where(attach, beside.attach),
    commit: async (target, recovery) => {
      const result = await beside.commit(target, recovery);
      await confirm(target);
      return result;
    },
    rollBack: async (target, recovery) => {
      const replacing = replacingOf(target);
      const undone = replacing === undefined ? { done: true, target } : await giveBack({ replacing, target, recovery });
      return undone.done ? beside.rollBack(target, recovery) : undone;
    },
    leftovers: async (target, recovery) => {
      const replacing = replacingOf(target);
      return replacing === undefined ? beside.leftovers(target, recovery) : leftovers(replacing, recovery.id);
    },
  };
}

interface Course {
  readonly replacing: Replacing;
  readonly target: RecoveryTarget;
  readonly recovery: Recovery;
}

const where =
  (own: (course: Course) => Promise<PhaseResult>, otherwise: Restorer['stop']) =>
  (target: RecoveryTarget, recovery: Recovery): Promise<PhaseResult> => {
    const replacing = replacingOf(target);
    return replacing === undefined ? otherwise(target, recovery) : own({ replacing, target, recovery });
  };

const phase = <Seen>(
  { target, recovery }: Course,
  stage: Stage,
  looking: () => Promise<Seen>,
  decide: (seen: Seen) => Decision,
): Promise<PhaseResult> =>
  drive<Seen, Action>({
    ...{ target, recovery, stage, decide, perform, look: looking },
    // It is marked before it is touched.
    comesFirst: ({ kind }) => kind === 'tag',
  });

function stop(course: Course): Promise<PhaseResult> {
  const { instanceId } = course.replacing.replaced;
  return phase(
    course,
    'stop',
    () => lookAt(instanceId),
    (old) => decideStop(old, missingReplacedTags(course.recovery, instanceId, old.tags)),
  );
}

const attach = (course: Course): Promise<PhaseResult> =>
  phase(
    course,
    'attach',
    () => look(course.replacing),
    (seen) => decideAttach(course.replacing, seen),
  );

async function giveBack(course: Course): Promise<PhaseResult> {
  const { replacing, recovery } = course;
  const back = await undoTwice(() =>
    phase(
      course,
      'roll-back',
      () => look(replacing),
      (seen) => decideBack(replacing, seen, recovery.id),
    ),
  );
  if (!back.done) return back;
  const { instanceId } = replacing.replaced;
  return phase(
    course,
    'roll-back',
    () => lookAt(instanceId),
    (old) => decideUnmark(replacing, old, recovery.id),
  );
}

/** The last look before the point of no return. */
async function confirm(target: RecoveryTarget): Promise<void> {
  const replacing = replacingOf(target);
  if (replacing === undefined) return;
  const decision = decideAttach(replacing, await answered(look(replacing), `looking at ${target.resource}`));
  if (isDone(decision)) return;
  throw providerFault(`It was verified, and now waits for ${decision.waitingFor}: something changed it since.`);
}
