/** A shared minute of the night, from one volume to ten thousand. */
import type { Night } from '../figures/night.ts';
import { meanCompletionSeconds } from '../figures/setting.ts';
import { expected, floorOf } from '../limits.ts';
import type { Measured } from '../measured.ts';
import { sizes } from '../sizes.ts';
import { allCalls, awsCallsPerVolume, slope } from './counts.ts';
import { met, number, span, table, unmeasured } from './markdown.ts';

export const nightSection = (measured: Measured): readonly string[] => [
  '## One shared minute of the night',
  '',
  'Four volumes an instance, each instance a workload of its own, every workload due at 03:00, one Region; each was backed up the night',
  'before, so that it is known how many snapshots it takes. The floor is what AWS leaves to anybody: a token bucket of 100 + 5/s for',
  'CreateSnapshots, and 100 pending snapshots a Region, which the night’s own snapshots take at least the sum of their durations / 100 to pass.',
  'The textbook design is one state machine with an inline Map over the volumes, a CreateSnapshot each, then Wait 30 s, DescribeSnapshots,',
  'Choice, on the same simulated EC2 and the same ASL engine.',
  '',
  ...timeTable(measured),
  '',
  '![From the scheduled minute to the last sealed point](benchmarks/time-to-finish.svg)',
  '',
  ...growthTable(measured),
  '',
  ...verdicts(nightsOf(measured)),
];

const nightsOf = (measured: Measured): readonly Night[] =>
  sizes.flatMap((volumes) => measured[`night-${volumes}`] ?? []);

const isWhole = ({ sealed, workloads }: Night): boolean => sealed === workloads;

function timeTable(measured: Measured): readonly string[] {
  const head = [
    'volumes',
    'runs sealed',
    'last asked for',
    'floor',
    'last sealed',
    'floor',
    'of the floor',
    'target',
    'textbook: asked',
    'sealed',
    'its history',
  ];
  const rows = sizes.map((volumes) => {
    const night = measured[`night-${volumes}`];
    const isComplete = night !== undefined && night.snapshots === volumes;
    const completion = isComplete ? night.completion : expected(volumes, meanCompletionSeconds);
    const floor = floorOf(Math.ceil(volumes / 4), completion);
    return [
      number(volumes),
      ...nightCells(night, floor.askedSeconds, floor.finishedSeconds),
      ...textbookCells(measured[`textbook-${volumes}`]),
    ];
  });
  return table(head, rows);
}

function nightCells(night: Night | undefined, askedFloor: number, finishedFloor: number): readonly string[] {
  if (night === undefined) return [unmeasured, '', span(askedFloor), '', span(finishedFloor), '', ''];
  const share = finishedFloor / night.finishedSeconds;
  const isTarget = night.volumes >= 1000;
  return [
    `${night.sealed} of ${night.workloads}`,
    span(night.lastAskedSeconds),
    span(askedFloor),
    span(night.finishedSeconds),
    span(finishedFloor),
    isWhole(night) ? number(share, 2) : 'none: runs failed',
    isTarget ? `≥ 0.9 ${met(isWhole(night) && share >= 0.9)}` : '',
  ];
}

function textbookCells(textbook: Measured[`textbook-${number}`]): readonly string[] {
  if (textbook === undefined) return [unmeasured, '', ''];
  const { lastAskedSeconds, finishedSeconds, historyEvents } = textbook;
  const stops = historyEvents > 25_000 ? ': Step Functions stops it at 25,000' : '';
  return [span(lastAskedSeconds), span(finishedSeconds), `${number(historyEvents)} events${stops}`];
}

function growthTable(measured: Measured): readonly string[] {
  const head = [
    'volumes',
    'calls',
    'of them EC2 and SSM per volume',
    'table writes',
    'throttles',
    'inside a window',
    'transitions a workload',
    'longest history',
    'largest state',
    'peak heap (with simulator)',
    'failure mails',
    'failures',
  ];
  return table(
    head,
    sizes.flatMap((volumes) => {
      const night = measured[`night-${volumes}`];
      return night === undefined ? [] : [growthCells(night)];
    }),
  );
}

const growthCells = (night: Night): readonly string[] => [
  number(night.volumes),
  number(allCalls(night)),
  number(awsCallsPerVolume(night), 1),
  number(night.tally.writes),
  number(night.tally.throttled),
  number(night.tally.throttledInsideWindow),
  number(night.transitionsPerWorkload, 1),
  `${number(night.longestHistory)} events`,
  `${number(night.largestStateBytes)} B`,
  `${number(night.peakHeapBytes / 1e6)} MB`,
  number(night.failureMails),
  Object.entries(night.failures)
    .map(([name, times]) => `${times} ${name}`)
    .join(', '),
];

/** Slopes from ten volumes on: below that what is constant hides what grows. A night whose runs failed did less work than its size, so it proves nothing. */
function verdicts(nights: readonly Night[]): readonly string[] {
  const whole = nights.filter((night) => night.volumes >= 10 && isWhole(night));
  const history = Math.max(...nights.map(({ longestHistory }) => longestHistory));
  const state = Math.max(...nights.map(({ largestStateBytes }) => largestStateBytes));
  const sealedUpTo = number(whole.at(-1)?.volumes ?? 0);
  return [
    ...(whole.length < 2 ? [] : [slopes(whole)]),
    `Nothing beyond ${sealedUpTo} volumes is in the slopes: only nights in which every run was sealed count, and the targets hold at every size or not at all.`,
    `Longest history ${number(history)} events, largest state ${number(state)} bytes in the nights measured (targets: below 12,500 and 131,072).`,
  ];
}

function slopes(whole: readonly Night[]): string {
  const words = (name: string, of: (night: Night) => number) => {
    const found = slope(whole.map((night) => ({ x: night.volumes, y: of(night) })));
    return `${name} ${number(found, 2)} (${met(found <= 1.05)})`;
  };
  const calls = words('calls', allCalls);
  const writes = words('table writes', ({ tally }) => tally.writes);
  const heap = words('heap', ({ peakHeapBytes }) => peakHeapBytes);
  const upTo = number(whole.at(-1)?.volumes ?? 0);
  return `Growth from ${number(whole[0]?.volumes ?? 0)} to ${upTo} volumes as log-log slopes, target ≤ 1.05: ${calls}, ${writes}, ${heap}.`;
}
