/** Progress through phases: a line for each, the one under way drawn anew on a terminal; JSON lines with `--json`. */
import type { Terminal } from './terminal.ts';

export interface Phase {
  readonly id: string;
  readonly title: string;
  /** Passed over in silence when it was not seen. */
  readonly optional?: true;
}

export interface Report {
  /** Where it is: earlier phases are over. With an id that is not among the phases, the one under way ended in failure. */
  readonly phase: string;
  readonly detail?: string;
  /** Phases that were entered; the earlier ones that are not among them were not needed. Default: all. */
  readonly entered?: readonly string[];
  /** The last phase before this one ended in failure. */
  readonly failed?: string;
  /** As they are known now, in place of those known before. */
  readonly phases?: readonly Phase[];
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
  const list = new PhaseList(terminal, phases);
  try {
    const result = await work((report) => list.take(report));
    if (result !== undefined) list.end();
    return result;
  } finally {
    list.leave();
  }
}

const redrawMs = 1000;

/** What was not reached, and what goes on when nobody watches any longer, is not shown: it would read as if it had been left out. */
class PhaseList {
  readonly #terminal: Terminal;
  #phases: readonly Phase[];
  readonly #told = new Set<string>();
  #current: { readonly phase: Phase; readonly sinceMs: number; detail?: string | undefined } | undefined;
  #timer: NodeJS.Timeout | undefined;

  constructor(terminal: Terminal, phases: readonly Phase[]) {
    this.#terminal = terminal;
    this.#phases = phases;
    if (terminal.passing !== undefined) this.#timer = setInterval(() => this.#draw(), redrawMs);
  }

  take({ phase: id, detail, entered, failed, phases = this.#phases }: Report): void {
    this.#phases = phases;
    const index = phases.findIndex((phase) => phase.id === id);
    const isPassed = (phase: Phase) => (entered === undefined ? phase.optional !== true : entered.includes(phase.id));
    const passed = phases.slice(0, Math.max(0, index)).filter(isPassed);
    for (const phase of passed) this.#begin(phase);
    if (index < 0 || (failed !== undefined && passed.at(-1)?.id === this.#current?.phase.id)) this.#fail(failed);
    const phase = phases[index];
    if (phase === undefined) return;
    this.#begin(phase);
    this.#detail(detail);
  }

  /** The phase under way is over. */
  end(): void {
    if (this.#current === undefined) return;
    const { title } = this.#current.phase;
    this.#current = undefined;
    if (this.#terminal.passing !== undefined) this.#terminal.line(`${this.#terminal.paint('green', '✔')} ${title}`);
  }

  /** Nothing more is shown. */
  leave(): void {
    clearInterval(this.#timer);
    this.#current = undefined;
    this.#terminal.passing?.(undefined);
  }

  #begin(phase: Phase): void {
    if (this.#told.has(phase.id)) return;
    this.end();
    this.#told.add(phase.id);
    this.#current = { phase, sinceMs: Date.now() };
    if (this.#terminal.passing === undefined) this.#terminal.line(`- ${phase.title}`);
    else this.#draw();
  }

  #detail(detail: string | undefined): void {
    if (this.#current === undefined || detail === undefined || detail === this.#current.detail) return;
    this.#current.detail = detail;
    if (this.#terminal.passing === undefined) this.#terminal.line(`    ${detail}`);
    else this.#draw();
  }

  #fail(why: string | undefined): void {
    if (this.#current === undefined) return;
    const { title } = this.#current.phase;
    this.#current = undefined;
    this.#terminal.line(`${this.#terminal.paint('red', '✖')} ${title}${why === undefined ? '' : `: ${why}`}`);
  }

  #draw(): void {
    if (this.#current === undefined) return;
    const { phase, sinceMs, detail } = this.#current;
    const seconds = Math.floor((Date.now() - sinceMs) / 1000);
    const words = [phase.title, ...(detail === undefined ? [] : [detail]), ...(seconds === 0 ? [] : [`${seconds} s`])];
    this.#terminal.passing?.(`${this.#terminal.paint('cyan', '…')} ${words.join('  ')}`);
  }
}
