/** A terminal for tests: keeps what was written, answers what it was told to. */
import type { Terminal } from './terminal.ts';
import { fitted } from './wrap.ts';

export interface ScriptedTerminal extends Terminal {
  readonly lines: readonly string[];
  readonly complaints: readonly string[];
  readonly remarks: readonly string[];
  readonly questions: readonly string[];
  readonly events: readonly unknown[];
}

export function scriptedTerminal(answer?: string): ScriptedTerminal {
  const lines: string[] = [];
  const complaints: string[] = [];
  const remarks: string[] = [];
  const questions: string[] = [];
  const events: unknown[] = [];
  return {
    ...{ lines, complaints, remarks, questions, events, json: false, interactive: true },
    paint: (_, text) => text,
    line: (text = '') => void lines.push(...fitted(text).split('\n')),
    clear: () => undefined,
    remark: (text) => void remarks.push(text),
    complain: (text) => void complaints.push(...fitted(text).split('\n')),
    document: (value) => void events.push(value),
    event: (value) => void events.push(value),
    ask: async (question) => {
      questions.push(question);
      return answer;
    },
    onInterrupt: () => () => undefined,
  };
}
