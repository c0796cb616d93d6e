/**
 * Cases in which a promise is broken today, each with what is left to do: the sweep fails when one of them keeps its promises (then
 * it goes from here), and when any other breaks one.
 */
export const known: Readonly<Record<string, string>> = {
  'database-recovery/resource:terminated:TakeSafetySnapshot':
    'An instance that somebody terminates before it is stopped cannot be as it was; the recovery is called rolled back, not stranded.',
  'database-recovery/resource:terminated:CommitRecovery':
    'Somebody terminates the instance after it was verified; nobody looks again, and no mail says so.',
  'database-recovery/resource:stopped-by-hand:CommitRecovery':
    'Somebody stops the instance after it was verified; nobody looks again, and no mail says so.',
  'database-recovery/resource:joins-group:CreateVolumes':
    'The group’s replacement instance brings volumes of its own, which the tidiness promise takes for ours.',
  'database-recovery/resource:joins-group:TakeSafetySnapshot':
    'The group’s replacement instance brings volumes of its own, which the tidiness promise takes for ours.',
};
