/** Something that would spoil a run. */
export interface Finding {
  /** A sentence. */
  readonly problem: string;
  /** What to do about it, where the problem does not say it itself. */
  readonly fix?: string;
  /** A command that does it, for a shell. */
  readonly command?: string;
}

const known: readonly (readonly [RegExp, string])[] = [
  [/is not there or not executable/, 'Put it there: install -o root -g root -m 0755 <script> <path>'],
  [/must belong to root/, 'On the guest: chown root:root and chmod go-w what is named, and the folders above.'],
  [/is not understood by/, 'Mend the script: its own shell says what is wrong with it.'],
  [/is not a mount point|is not mounted/, 'Mount it, or mend `mounts` in the policy.'],
  [/there is no unit/, '`systemctl list-units --all` has the names; mend `units` in the policy.'],
  [/held by run/, 'That run, or its guest’s own timer, lets go: npx holdfast status tells when.'],
  [/is not installed|there is (no (psql|runuser)|neither)/, 'Install it on the guest.'],
  [
    /does not answer/,
    'Is the server up, and does it let that user in by its socket? docs/policy/quiesce.md has what each hook needs.',
  ],
  [/is in the way of/, 'Schedule the workload for a time when no such statement runs, or end it beforehand.'],
  [/is not in the set/, 'Name that volume in the workload’s members, in the same tier.'],
];

/** @param problem in the words of a guest script */
export function findingOf(problem: string): Finding {
  const fix = known.find(([words]) => words.test(problem))?.[1];
  return { problem, ...(fix === undefined ? {} : { fix }) };
}
