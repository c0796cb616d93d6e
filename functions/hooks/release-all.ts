import { scalesService, takesArtifacts } from '#domain/hook-proof.ts';
import { releaseCommand } from '#domain/release-command.ts';
import type { Hold, PlannedHook } from '#domain/run.ts';
import { codeOf } from '#platform/aws-errors.ts';
import type { Pace } from './guest.ts';
import { askHook, byInstance, deployedTools, type HoldContext, type HoldTools, problemOf } from './hold-tools.ts';
import type { GuestReport } from './hook.ts';
import { isDown } from './is-down.ts';

/** Releasing asks EC2, too, whose client is most of a function: quiescing goes without. */
export interface ReleaseTools extends HoldTools {
  /** Whether the instance is off, so that nothing can be held in it. */
  isDown(instanceId: string): Promise<boolean>;
}

/**
 * Lets every guest go: instances at the same time, the hooks of one instance in the reverse order. Every hook that is not known
 * to be free is asked, also after another failed, and also when the budget is over (then without waiting). Never throws.
 * @param budgetMs from now until the answer is due
 * @returns one hold a hook in the order given: `free`, or as it was with a `problem`. An unreachable guest stays unconfirmed,
 *   though its own timer lets go at the deadline: ask again, later the guest tells who released. Free are also the holds of an
 *   instance that is off (`stopped`), and those of a kind that takes the artifacts itself, for which nothing is sent (`itself`)
 */
export async function releaseAll(
  holds: readonly Hold[],
  runId: string,
  budgetMs: number,
  tools: ReleaseTools = { ...deployedTools(), isDown },
): Promise<readonly Hold[]> {
  const context = { runId, endsAtMs: Date.now() + budgetMs, tools };
  const released = [...holds];
  await Promise.all(
    byInstance(holds.map(({ hook }) => hook)).map(async (positions) => {
      for (const position of positions.toReversed()) {
        const hold = holds[position];
        // Those before it are still held until it has answered: only for the last one nothing waits.
        const pace = position === positions[0] ? 'patient' : 'hurried';
        if (hold !== undefined) released[position] = await release(hold, context, pace);
      }
    }),
  );
  return released;
}

async function release(hold: Hold, context: HoldContext<ReleaseTools>, pace: Pace): Promise<Hold> {
  if (hold.state === 'free') return hold;
  if (takesArtifacts(hold.hook.kind)) return { ...withoutProblem(hold), ...freeNow('itself') };
  try {
    const outcome = await askHook('release', hold.hook, context, pace);
    if (outcome.kind === 'report' && outcome.report.result === 'released') return freed(hold, outcome.report);
    if (outcome.kind === 'undeliverable' && (await context.tools.isDown(hold.hook.instanceId))) return gone(hold);
    return { ...hold, problem: unreleased(hold.hook, context.runId, problemOf(outcome)) };
  } catch (error) {
    const message = error instanceof Error ? error.message : String(error);
    return { ...hold, problem: unreleased(hold.hook, context.runId, `Asking failed: ${codeOf(error)}: ${message}`) };
  }
}

function unreleased(hook: PlannedHook, runId: string, problem: string): string {
  const byHand = releaseCommand(hook, runId);
  return [
    `The ${hook.kind} hook on ${hook.instanceId} did not confirm its release. ${problem}`,
    scalesService(hook.kind)
      ? 'Nothing else puts its tasks back.'
      : `Its own timer lets go ${hook.deadlineSeconds} s after it began.`,
    ...(byHand === undefined ? [] : [`By hand: ${byHand}`]),
  ].join(' ');
}

function freed(hold: Hold, { at, heldSince, by, note }: GuestReport & { readonly result: 'released' }): Hold {
  const since = hold.quiescedGuestMs ?? heldSince;
  return {
    ...withoutProblem(hold),
    ...freeNow(by),
    ...(since === null ? {} : { quiescedGuestMs: since }),
    ...(by === 'none' ? {} : { releasedGuestMs: at }),
    ...(note === undefined ? {} : { note: hold.note === undefined ? note : `${hold.note} ${note}` }),
  };
}

const gone = (hold: Hold): Hold => ({ ...withoutProblem(hold), ...freeNow('stopped') });

const freeNow = (releasedBy: NonNullable<Hold['releasedBy']>) =>
  ({ state: 'free', releasedBy, freeAt: new Date(Date.now()).toISOString() }) as const;

const withoutProblem = ({ problem: _, ...hold }: Hold): Hold => hold;
