import { type Fault, quiesceFault } from '#domain/faults.ts';
import type { Hold, PlannedHook } from '#domain/run.ts';
import { codeOf } from '#platform/aws-errors.ts';
import { askHook, byInstance, deployedTools, type HoldContext, type HoldTools, problemOf } from './hold-tools.ts';

/**
 * `holds` has one entry a hook, in the order given, whatever happened. Those that are not `held` are `intended`: with a `quiesceProblem`
 * where the hook was tried (it may hold all the same), without where it was not reached. Release them all.
 */
export interface Quiesced {
  readonly holds: readonly Hold[];
  /** QuiesceFault; absent when every hook confirmed. */
  readonly failure?: Fault;
}

/**
 * Holds every guest still: instances at the same time, the hooks of one instance one after another. After the first failure no
 * further hook is begun, those under way are awaited. May be called again for the same run: guests answer for what they hold.
 * @param hooks in the order of quiescing
 * @param budgetMs from now until the answer is due, known or not: leave time to write it down
 */
export async function quiesceAll(
  hooks: readonly PlannedHook[],
  runId: string,
  budgetMs: number,
  tools: HoldTools = deployedTools(),
): Promise<Quiesced> {
  const context = { runId, endsAtMs: Date.now() + budgetMs, tools };
  const holds: Hold[] = hooks.map((hook) => ({ hook, state: 'intended' }));
  await Promise.all(
    byInstance(hooks).map(async (positions) => {
      for (const position of positions) {
        const hook = hooks[position];
        if (hook === undefined || holds.some(({ quiesceProblem }) => quiesceProblem !== undefined)) return;
        holds[position] = await quiesce(hook, context);
      }
    }),
  );
  const failed = holds.find(({ quiesceProblem }) => quiesceProblem !== undefined);
  return failed === undefined ? { holds } : { holds, failure: faultOf(failed) };
}

async function quiesce(hook: PlannedHook, context: HoldContext): Promise<Hold> {
  try {
    const outcome = await askHook('quiesce', hook, context);
    if (outcome.kind !== 'report' || outcome.report.result !== 'quiesced') {
      return { hook, state: 'intended', quiesceProblem: problemOf(outcome) };
    }
    const confirmedAt = new Date(Date.now()).toISOString();
    const { armedAt, at, note } = outcome.report;
    const told = {
      ...(armedAt === undefined ? {} : { armedGuestMs: armedAt }),
      ...(note === undefined ? {} : { note }),
    };
    return { hook, state: 'held', confirmedAt, quiescedGuestMs: at, ...told };
  } catch (error) {
    const quiesceProblem = `Asking failed: ${codeOf(error)}: ${messageOf(error)}`;
    return { hook, state: 'intended', quiesceProblem };
  }
}

const messageOf = (error: unknown) => (error instanceof Error ? error.message : String(error));

const faultOf = ({ hook, quiesceProblem }: Hold) =>
  quiesceFault(`The ${hook.kind} hook on ${hook.instanceId} did not confirm that it holds still. ${quiesceProblem}`);
