/** Below the figure of calls per volume: what each of them is for. */
import type { Night } from '../figures/night.ts';
import type { Measured } from '../measured.ts';
import { leastCallsPerVolume } from './counts.ts';
import { number, table } from './markdown.ts';

const purposes: Readonly<Record<string, string>> = {
  'BeginTiers ec2:CreateSnapshots': 'in the least: one a run',
  'Quiesce ssm:SendCommand': 'in the least: one a run',
  'Release ssm:SendCommand': 'in the least: one a run',
  'Quiesce ssm:GetCommandInvocation':
    'until the guest answers, every 200 ms: each look less holds it still for longer. Refused while SSM does not know the command yet',
  'Release ssm:GetCommandInvocation': 'once the guest has answered: nothing waits for it',
  'PlanRun ec2:DescribeInstances': 'the instance as it is now, not as another run saw it',
  'PlanRun ec2:DescribeVolumes': 'its volumes’ settings, which the point keeps for the recovery',
  'PlanRun ec2:DescribeSnapshots':
    'what is pending of the Region and of each volume: nothing may be refused while a guest is held still',
  'PlanRun ssm:DescribeInstanceInformation': 'whether its agent answers, before anything is touched',
  'Settle ec2:DescribeSnapshots':
    'what is pending of the Region before a run is begun; what has completed, at an event, when slots lack, and every five minutes',
  'Settle ec2:CreateTags': 'the verdict on the snapshots: a point is known without the ledger',
};

interface Row {
  times: number;
  refused: number;
}

export function callsSection({ bill }: Measured): readonly string[] {
  if (bill === undefined) return [];
  const rows = [...callsOf(bill)].sort(([, one], [, other]) => other.times - one.times);
  return [
    `What the calls of EC2 and SSM of the \`bill\` are, a run of four volumes (${number(bill.workloads)} runs). One filtered search in four ends its first page`,
    'early in the simulated region, as EC2 may, and is then two calls. No two runs are planned or looked at together, since they are a minute apart;',
    `the least lists all of them once. The target leaves ${number(4 * 1.25 * leastCallsPerVolume(bill.volumes), 1)} calls to a run of four volumes, of which CreateSnapshots and the two SendCommands are`,
    'three: one look each at what the two commands came to makes five. AWS offers no other word of it that comes for certain, and in time for a guest that is held.',
    '',
    ...table(
      ['function and call', 'a run', 'of them refused', 'what for'],
      rows.map(([call, { times, refused }]) => [
        call.replace(/^(\w+) (\w+):(\w+)$/, '$1: `$3`'),
        number(times / bill.workloads, 2),
        refused === 0 ? '' : number(refused / bill.workloads, 2),
        purposes[call] ?? '',
      ]),
    ),
    '',
  ];
}

/** By `Quiesce ssm:SendCommand`. */
function callsOf({ tally }: Night): ReadonlyMap<string, Row> {
  const rows = new Map<string, Row>();
  for (const [key, times] of Object.entries(tally.calls)) {
    const [, call, outcome] = /^function:(\w+ (?:ec2|ssm):\w+) (\w+)/.exec(key) ?? [];
    if (call === undefined) continue;
    const row = rows.get(call) ?? { times: 0, refused: 0 };
    row.times += times;
    if (outcome !== 'ok') row.refused += times;
    rows.set(call, row);
  }
  return rows;
}
