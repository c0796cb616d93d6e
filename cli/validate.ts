/** `holdfast validate`: every mistake of a policy in one go. */
import * as z from 'zod/mini';
import type { FileMistake } from '#domain/policy-file.ts';
import { type ExitCode, exitCodes } from './exit-codes.ts';
import { readPolicyFile } from './policy.ts';
import type { Shell } from './shell.ts';
import type { Terminal } from './terminal.ts';
import { wrapped } from './wrap.ts';

const input = z.object({ file: z.optional(z.string()) });

export async function run(typed: unknown, { terminal, settings }: Shell): Promise<ExitCode> {
  const file = z.parse(input, typed).file ?? settings.policy;
  const read = readPolicyFile(file);
  if ('policy' in read) {
    const workloads = read.policy.workloads.map(({ name }) => name);
    terminal.document({ file, valid: true, workloads, notes: read.notes });
    for (const note of read.notes) show(terminal, file, note, 'note');
    const count = workloads.length === 1 ? '1 workload' : `${workloads.length} workloads`;
    terminal.line(`${terminal.paint('green', 'valid')}  ${file}: ${count} (${some(workloads)})`);
    return exitCodes.done;
  }
  terminal.document({ file, valid: false, mistakes: read.mistakes });
  for (const mistake of read.mistakes) show(terminal, file, mistake, 'mistake');
  terminal.line(`${terminal.paint('red', 'invalid')}  ${file}: ${read.mistakes.length} to mend`);
  return exitCodes.usage;
}

/** Of thousands of workloads nobody reads the names. */
const mostNames = 20;

const some = (names: readonly string[]): string => {
  const left = names.length - mostNames;
  return left <= 0 ? names.join(', ') : `${names.slice(0, mostNames).join(', ')} and ${left} more`;
};

function show(terminal: Terminal, file: string, mistake: FileMistake, kind: 'mistake' | 'note'): void {
  const { line, column, path, message, expected, suggestion } = mistake;
  const colour = kind === 'mistake' ? 'red' : 'yellow';
  const where = path.length === 0 ? '' : `  ${terminal.paint('bold', path.join('.'))}`;
  terminal.line(`${file}:${line}:${column}  ${terminal.paint(colour, kind)}${where}`);
  terminal.line(wrapped(`    ${message}`, '    '));
  if (suggestion !== undefined) terminal.line(`    Did you mean ${terminal.paint('green', suggestion)}?`);
  if (expected !== undefined) terminal.line(wrapped(`    Expected: ${expected}`, '    '));
  terminal.line();
}
