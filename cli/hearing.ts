/** Who of those who should be told hears nothing, for `holdfast status`. */
import { topicNames, type Unheard, unheardWords, untoldOf } from '#domain/mail-addresses.ts';
import { asFault } from '#platform/aws-errors.ts';
import type { Topics } from './connect.ts';
import { unheardIn } from './examine-mail.ts';
import { validPolicy, workloadsOf } from './policy.ts';
import type { Shell } from './shell.ts';
import type { Terminal } from './terminal.ts';
import { wrapped } from './wrap.ts';

export interface Hearing {
  readonly unheard?: readonly Unheard[];
  /** Workloads of whose failures nobody hears. */
  readonly untold?: readonly string[];
  /** Why it could not be looked at: everything else can be told all the same. */
  readonly unheardProblem?: string;
}

/** Empty where everybody hears, or where the stack is older than this look. */
export async function hearingOf({ settings }: Shell, name: string | undefined, topics: Topics): Promise<Hearing> {
  if (topicNames.some((topic) => !topics.has(topic))) return {};
  const { policy } = validPolicy(settings.policy);
  const chosen = workloadsOf(policy, name, settings.policy);
  try {
    const unheard = (await unheardIn(policy.workloads, topics)).filter(({ workloads }) =>
      chosen.some((each) => workloads.includes(each.name)),
    );
    return unheard.length === 0 ? {} : { unheard, untold: untoldOf({ workloads: chosen }, unheard) };
  } catch (error) {
    return { unheardProblem: asFault(error, 'looking who gets mail').message };
  }
}

export function showHearing(terminal: Terminal, { unheard = [], untold = [], unheardProblem }: Hearing): void {
  const lines = [
    ...untold.map((workload) => `${terminal.paint('red', 'NOBODY')} is told when a backup of ${workload} fails`),
    ...unheard.map((each) => `${terminal.paint('yellow', 'mail')}  ${unheardWords(each)}`),
    ...(unheardProblem === undefined ? [] : [`Who gets mail could not be seen: ${unheardProblem}`]),
  ];
  if (lines.length === 0) return;
  terminal.line();
  for (const each of lines) terminal.line(wrapped(each, '    '));
  if (unheard.length > 0) terminal.line('What to do about it: npx holdfast doctor');
}
