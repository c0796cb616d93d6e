/** What the shell is told. The same list is in `holdfast --help` and in docs/cli.md. */
export const exitCodes = {
  done: 0,
  /** A run failed, or a recovery failed and was rolled back. */
  failed: 1,
  /** Bad usage, a workload that there is not, or an invalid policy. */
  usage: 2,
  /** By the plan, by what the doctor found, by whoever was asked, or because something else holds the workload. Nothing was changed. */
  refused: 3,
  /** A recovery could neither finish nor be rolled back: a person must act. */
  stranded: 4,
  /** AWS or the stack cannot be reached, or does not let us. */
  unreachable: 5,
  /** Ctrl-C, nobody who reads any longer, or an AWS that can no longer be asked. What was begun goes on. */
  notWatching: 130,
} as const;

export type ExitCode = (typeof exitCodes)[keyof typeof exitCodes];

export const exitCodeWords: readonly (readonly [ExitCode, string])[] = [
  [exitCodes.done, 'done'],
  [exitCodes.failed, 'it failed: the run failed, or the recovery was rolled back'],
  [exitCodes.usage, 'bad usage, an unknown workload, or an invalid policy'],
  [
    exitCodes.refused,
    'refused by the plan, or not confirmed, or something else holds the workload, or the doctor found something; nothing was changed',
  ],
  [exitCodes.stranded, 'stranded: neither recovered nor rolled back; a person must act'],
  [exitCodes.unreachable, 'AWS or the stack cannot be reached, does not answer, or denies it'],
  [exitCodes.notWatching, 'no longer watching (Ctrl-C, a closed pipe, an outage of AWS); what was begun goes on'],
];
