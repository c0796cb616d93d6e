/** How the demo speaks: prose at most 100 columns wide, or JSON lines. */
import { styleText } from 'node:util';
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

const width = 100;
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
  const paint = (style: 'bold' | 'green' | 'red' | 'dim', text: string) => styleText(style, text, { stream: process.stdout });
  let count = 0;
  return {
    json: false,
    act: (_, title) => {
      count += 1;
      write(`\n${paint('bold', `${count}. ${title}`)}`);
    },
    say: (text) => wrap(text, width).forEach((line) => write(line)),
    moment: (timeMs, text) => wrap(text, width - 12).forEach((line, index) => {
      write(`  ${index === 0 ? paint('dim', clock(timeMs).slice(11, 19)) : ' '.repeat(8)}  ${line}`);
    }),
    block: (text) => text.split('\n').forEach((line) => write(line === '' ? '' : `    ${line}`)),
    event: () => undefined,
    check: ({ what, holds, expected, seen }) => {
      write(`  ${holds ? paint('green', 'ok') : paint('red', 'NO')}  ${what}${holds ? '' : ` (expected ${expected}, seen ${seen})`}`);
    },
  };
}

/** At word boundaries; a word that is longer stands alone. */
export function wrap(text: string, columns: number): string[] {
  const lines: string[] = [];
  for (const word of text.split(' ')) {
    const last = lines.at(-1);
    if (last !== undefined && last.length + 1 + word.length <= columns) lines[lines.length - 1] = `${last} ${word}`;
    else lines.push(word);
  }
  return lines;
}
