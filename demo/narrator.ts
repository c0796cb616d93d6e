/** How the demo speaks: prose at most 100 columns wide, or JSON lines. */
import { styleText } from 'node:util';
import { wrap } from '#cli/wrap.ts';
import type { Check } from './checks.ts';

export interface Narrator {
  readonly json: boolean;
  /** Begins an act; what follows belongs to it. */
  act(id: string, title: string): void;
  say(text: string): void;
  /** Something that happened at a (virtual) time. */
  moment(timeMs: number, text: string): void;
  /** Verbatim lines: a command's output, a mail. */
  block(text: string): void;
  /** For programs only. */
  event(value: Readonly<Record<string, unknown>>): void;
  check(check: Check): void;
}

const clock = (timeMs: number) => new Date(timeMs).toISOString();

export function createNarrator(json: boolean, write: (line: string) => void): Narrator {
  return json ? jsonNarrator(write) : textNarrator(write);
}

function jsonNarrator(write: (line: string) => void): Narrator {
  let act = 'opening';
  const put = (value: Readonly<Record<string, unknown>>) => write(JSON.stringify({ act, ...value }));
  return {
    json: true,
    act: (id, title) => {
      act = id;
      put({ title });
    },
    say: (text) => put({ say: text }),
    moment: (timeMs, text) => put({ at: clock(timeMs), text }),
    block: (text) => put({ block: text }),
    event: put,
    check: (check) => put({ check }),
  };
}

function textNarrator(write: (line: string) => void): Narrator {
  const paint = (style: 'bold' | 'green' | 'red' | 'dim', text: string) =>
    styleText(style, text, { stream: process.stdout });
  const writeAll = (lines: readonly string[]) => {
    for (const line of lines) write(line);
  };
  let count = 0;
  return {
    json: false,
    act: (_, title) => {
      count += 1;
      write(`\n${paint('bold', `${count}. ${title}`)}`);
    },
    say: (text) => writeAll(wrap(text)),
    moment: (timeMs, text) => writeAll(wrap(`  ${paint('dim', clock(timeMs).slice(11, 19))}  ${text}`, ' '.repeat(12))),
    block: (text) => writeAll(text.split('\n').flatMap(hung)),
    event: () => undefined,
    check: ({ what, holds, expected, seen }) => {
      const outcome = holds ? '' : ` (expected ${expected}, seen ${seen})`;
      writeAll(wrap(`  ${holds ? paint('green', 'ok') : paint('red', 'NO')}  ${what}${outcome}`, '      '));
    },
  };
}

/** A long line goes on under its own indentation. */
const hung = (line: string): string[] => wrap(line, `${/^ */.exec(line)?.[0] ?? ''}  `);
