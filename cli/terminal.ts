/** Where a command writes to and asks: the only room that knows standard output, colours and Ctrl-C. */
import { createInterface } from 'node:readline/promises';
import { styleText } from 'node:util';
import { printable, printableJson } from './printable.ts';
import type { Report } from './progress.ts';
import { readerIsGone, whenReaderLeaves } from './reader.ts';
import { columns, cut, fitted } from './wrap.ts';

export type Colour = 'red' | 'green' | 'yellow' | 'cyan' | 'dim' | 'bold';

export interface Terminal {
  /** `--json`: documents and events only. */
  readonly json: boolean;
  /** A person is there to be asked. */
  readonly interactive: boolean;
  paint(colour: Colour, text: string): string;
  /** A line for people, broken where it has more columns than there are, or more than 100; nothing with `--json`. */
  line(text?: string): void;
  /** Takes away all that was written; nothing where standard output is no terminal. */
  clear(): void;
  /** A line whose place the next one takes; undefined takes it away. Absent where standard output is no terminal. */
  readonly passing?: (text: string | undefined) => void;
  /** To standard error, what is under way, for whoever waits; nothing with `--json`. */
  remark(text: string): void;
  /** To standard error, with and without `--json`. */
  complain(text: string): void;
  /** The one JSON document of a command that does not progress; nothing without `--json`. */
  document(value: unknown): void;
  /** One JSON line; nothing without `--json`. */
  event(value: unknown): void;
  /** What was typed, trimmed; undefined at the end of input. */
  ask(question: string): Promise<string | undefined>;
  /** Takes progress in place of the list that is drawn on standard output. */
  readonly takeProgress?: (report: Report) => void;
  /** Runs at Ctrl-C in place of dying, and when nobody reads any longer. Returns a function that ends it. */
  onInterrupt(run: () => void): () => void;
}

export interface TerminalOptions {
  readonly json: boolean;
  /** False with `--no-color`. Colour also needs a terminal, and yields to NO_COLOR (https://no-color.org). */
  readonly colour: boolean;
}

/** Takes the line away that the cursor is in: https://en.wikipedia.org/wiki/ANSI_escape_code#CSI */
const clearLine = '\r\u001b[K';
/** Erases the screen and goes to its top. */
const clearScreen = '\u001b[2J\u001b[H';

/** The process's own. */
export function processTerminal({ json, colour }: TerminalOptions): Terminal {
  const isDrawn = process.stdout.isTTY === true;
  const coloured = colour && isDrawn && !process.env.NO_COLOR;
  const say = (text: string) => (readerIsGone() ? undefined : void process.stdout.write(text));
  const shown = (text: string) => printable(text, coloured);
  let isPassing = false;
  const settle = () => {
    if (isPassing) say(clearLine);
    isPassing = false;
  };
  const write = (text: string) => {
    settle();
    say(`${text}\n`);
  };
  const complain = (text: string) => {
    settle();
    process.stderr.write(`${fitted(shown(text))}\n`);
  };
  const passing = (text: string | undefined) => {
    settle();
    if (text === undefined) return;
    say(cut(shown(text).replaceAll(/\s/g, ' '), (process.stdout.columns ?? columns) - 1));
    isPassing = true;
  };
  return {
    json,
    interactive: process.stdin.isTTY === true && isDrawn,
    paint: (name, text) => (coloured ? styleText(name, text, { validateStream: false }) : text),
    line: (text = '') => (json ? undefined : write(fitted(shown(text)))),
    clear: () => (isDrawn && !json ? say(clearScreen) : undefined),
    ...(isDrawn && !json ? { passing } : {}),
    remark: (text) => (json ? undefined : complain(text)),
    complain,
    document: (value) => (json ? write(printableJson(JSON.stringify(value, null, 2))) : undefined),
    event: (value) => (json ? write(printableJson(JSON.stringify(value))) : undefined),
    ask: (question) => ask(fitted(shown(question))),
    onInterrupt,
  };
}

async function ask(question: string): Promise<string | undefined> {
  const reader = createInterface({ input: process.stdin, output: process.stdout });
  const ended = new Promise<undefined>((resolve) => reader.once('close', () => resolve(undefined)));
  try {
    return (await Promise.race([reader.question(question), ended]))?.trim();
  } finally {
    reader.close();
  }
}

/**
 * One Ctrl-C may arrive twice (from the terminal and from the parent), so a handler runs once. A reader that goes away ends watching
 * as Ctrl-C does.
 */
function onInterrupt(run: () => void): () => void {
  let asked = false;
  const handler = () => {
    if (asked) return;
    asked = true;
    run();
  };
  process.on('SIGINT', handler);
  const stay = whenReaderLeaves(handler);
  return () => {
    process.removeListener('SIGINT', handler);
    stay();
  };
}
