/** A terminal for tests: keeps what was written, answers what it was told to. */
import type { Terminal } from './terminal.ts';

export interface ScriptedTerminal extends Terminal {
  readonly lines: readonly string[];
  readonly complaints: readonly string[];
  readonly events: readonly unknown[];
}

export function scriptedTerminal(answer?: string): ScriptedTerminal {
  const lines: string[] = [];
  const complaints: string[] = [];
  const events: unknown[] = [];
  return {
    ...{ lines, complaints, events, json: false, interactive: true },
    paint: (_, text) => text,
    line: (text = '') => void lines.push(text),
    complain: (text) => void complaints.push(text),
    document: (value) => void events.push(value),
    event: (value) => void events.push(value),
    ask: async () => answer,
    onInterrupt: () => () => undefined,
  };
}
