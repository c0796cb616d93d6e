/** What the shell is told. The same list is in `holdfast --help` and in docs/cli.md. */
export const exitCodes = {
  done: 0,
  /** A run failed, or a recovery failed and was rolled back. */
  failed: 1,
  /** Bad usage, or an invalid policy. */
  usage: 2,
  /** By the plan, by what the doctor found, or because something else holds the workload. Nothing was changed. */
  refused: 3,
  /** A recovery could neither finish nor be rolled back: a person must act. */
  stranded: 4,
  /** AWS or the stack cannot be reached, or does not let us. */
  unreachable: 5,
  /** Ctrl-C: stopped watching. What was begun goes on. */
  interrupted: 130,
} as const;

export type ExitCode = (typeof exitCodes)[keyof typeof exitCodes];

export const exitCodeWords: readonly (readonly [ExitCode, string])[] = [
  [exitCodes.done, 'done'],
  [exitCodes.failed, 'it failed: the run failed, or the recovery was rolled back'],
  [exitCodes.usage, 'bad usage, or an invalid policy'],
  [
    exitCodes.refused,
    'refused by the plan, or something else holds the workload, or the doctor found something; nothing was changed',
  ],
  [exitCodes.stranded, 'stranded: neither recovered nor rolled back; a person must act'],
  [exitCodes.unreachable, 'AWS or the stack cannot be reached'],
  [exitCodes.interrupted, 'Ctrl-C: no longer watching; what was begun goes on'],
];
