/** Progress through phases: a live list on a terminal, plain lines elsewhere, JSON lines with `--json`. */
import { Listr } from 'listr2';
import type { Terminal } from './terminal.ts';

export interface Phase {
  readonly id: string;
  readonly title: string;
}

export interface Report {
  /** Where it is: earlier phases are over. An id that is not among the phases changes nothing. */
  readonly phase: string;
  readonly detail?: string;
  /** Phases that were entered; the earlier ones that are not among them were not needed. Default: all. */
  readonly entered?: readonly string[];
  /** The last phase before this one ended in failure. */
  readonly failed?: string;
}

/** `left`: nobody watches any longer. */
type Ending = 'done' | 'left' | { readonly failed: string };

/** Narrower than this the live list is unreadable. */
const leastColumns = 40;

interface Slot {
  readonly phase: Phase;
  readonly begun: PromiseWithResolvers<boolean>;
  readonly ended: PromiseWithResolvers<Ending>;
  detail: string | undefined;
  show: (detail: string) => void;
}

/**
 * Runs `work`, showing what it reports. With `--json` nothing is shown: the work writes its own events.
 * @returns what the work returns, undefined when it stopped watching; rejects as it does
 */
export async function withProgress<Result>(
  terminal: Terminal,
  phases: readonly Phase[],
  work: (report: (report: Report) => void) => Promise<Result | undefined>,
): Promise<Result | undefined> {
  if (terminal.takeProgress !== undefined) return work(terminal.takeProgress);
  if (terminal.json) return work(() => undefined);
  const slots = phases.map(slotOf);
  const shown = new Listr(slots.map(taskOf), {
    exitOnError: false,
    registerSignalListeners: false,
    fallbackRenderer: 'simple',
    fallbackRendererCondition: () => (process.stdout.columns ?? 0) < leastColumns,
    rendererOptions: { collapseErrors: false },
  }).run();
  let ending: Ending = 'left';
  try {
    const result = await work((report) => take(slots, report));
    if (result !== undefined) ending = 'done';
    return result;
  } finally {
    for (const slot of slots) close(slot, ending);
    await shown;
  }
}

const slotOf = (phase: Phase): Slot => ({
  phase,
  begun: Promise.withResolvers(),
  ended: Promise.withResolvers(),
  detail: undefined,
  show: () => undefined,
});

interface Task {
  title?: string | undefined;
  output?: string | undefined;
  skip(message?: string): void;
}

const taskOf = (slot: Slot) => ({
  title: slot.phase.title,
  task: async (_: unknown, task: Task): Promise<void> => {
    if (!(await slot.begun.promise)) {
      return task.skip(`${slot.phase.title}: ${(await slot.ended.promise) === 'left' ? 'not reached' : 'not needed'}`);
    }
    slot.show = (detail) => {
      task.output = detail;
    };
    if (slot.detail !== undefined) slot.show(slot.detail);
    const ending = await slot.ended.promise;
    if (ending === 'left') return task.skip(`${slot.phase.title}: goes on`);
    if (ending !== 'done') throw new Error(ending.failed);
  },
});

function take(slots: readonly Slot[], { phase, detail, entered, failed }: Report): void {
  const index = slots.findIndex((slot) => slot.phase.id === phase);
  const earlier = slots.slice(0, Math.max(0, index));
  const passed = earlier.filter((each) => entered === undefined || entered.includes(each.phase.id));
  for (const each of passed) each.begun.resolve(true);
  for (const each of earlier) close(each, failed !== undefined && each === passed.at(-1) ? { failed } : 'done');
  const slot = slots[index];
  if (slot === undefined) return;
  slot.begun.resolve(true);
  if (detail === undefined || detail === slot.detail) return;
  slot.detail = detail;
  slot.show(detail);
}

/** Only a phase that had begun, and not ended, can fail: settled promises ignore a second answer. */
function close(slot: Slot, ending: Ending): void {
  slot.begun.resolve(false);
  slot.ended.resolve(ending);
}
