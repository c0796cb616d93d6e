/** The mail about automatic snapshots that their service does not set as the policy says. */
import type { AutomaticSnapshots } from '../automatic-snapshots.ts';
import type { ManagedMember } from '../policy.ts';
import { type About, command, compose, type Mail, pointLines, quoted } from './layout.ts';

export interface Refused {
  readonly member: ManagedMember;
  readonly wanted: AutomaticSnapshots;
  /** In AWS's words: a maintenance window is in the way, the call is denied. */
  readonly problem: string;
}

export function automaticRefused(about: About & Refused): Mail {
  const { workload, member, wanted, problem } = about;
  return compose(`${workload.name}: automatic snapshots are not as the policy says`, [
    ['APPLICATION: not concerned. Backups of Holdfast go on; only the service’s own snapshots are as they were.'],
    [
      `What could not be set: of ${member.kind} ${member.resource}, ${wantedWords(wanted)}. In the words of AWS:`,
      quoted(problem),
    ],
    [
      'If the maintenance window is in the way, move that one, or the schedule of the workload: the two may not overlap. Holdfast tries again twice a day by itself.',
    ],
    pointLines(about),
    [
      'What can be recovered, and what Holdfast sees of the service:',
      command(`points ${workload.name}`),
      command(`doctor ${workload.name}`),
    ],
  ]);
}

const wantedWords = ({ retentionDays, window }: AutomaticSnapshots): string => {
  if (retentionDays === 0) return 'no automatic snapshots';
  return `automatic snapshots kept ${retentionDays} d${window === undefined ? '' : `, begun ${window} UTC`}`;
};
