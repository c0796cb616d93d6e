/** One row a figure: what was measured, what cannot be beaten, what was aimed at. */
import { TYPICAL_MS } from '#simulator/services/ec2/durations.ts';
import type { Faults } from '../figures/faults.ts';
import type { ProcessTime } from '../figures/process-time.ts';
import { type Recovered, seenMs } from '../figures/recovery.ts';
import type { Measured } from '../measured.ts';
import { prices } from '../prices.ts';
import { awsCallsPerVolume, leastCallsPerVolume } from './counts.ts';
import { met, number, span, table, unmeasured } from './markdown.ts';

const head = ['figure', 'command (`npm run bench -- --only …`)', 'measured', 'limit', 'target', ''];

export const headline = (measured: Measured): readonly string[] =>
  table(head, [
    ...windowRows(measured),
    ...coldWindowRow(measured),
    ...recoveryRows(measured),
    ...nightRows(measured),
    ...heldRows(measured),
    ...demoRow(measured),
    ...faultRows(measured),
    ...synthRow(measured),
    ...newKindRow(measured),
  ]);

function windowRows({ window }: Measured): string[][] {
  if (window === undefined) return [['window', '`window`', unmeasured, '', '', '']];
  const over = window.windowMs.map((ms, index) => ms - (window.floorMs[index] ?? 0));
  const [worst, middle] = [Math.max(...over), middleOf(over)];
  const lost = window.throttled + window.retriesInside;
  const transitions = Math.max(...window.transitions);
  return [
    [
      'window, one instance with 4 volumes, over the latencies of CreateSnapshots and Run Command',
      '`window`',
      `middle ${number(middle)} ms, worst ${number(worst)} ms of ${window.seeds} regions (whole window: ${number(Math.min(...window.windowMs))} to ${number(Math.max(...window.windowMs))} ms)`,
      `0 ms (the latencies alone: ${number(Math.min(...window.floorMs))} to ${number(Math.max(...window.floorMs))} ms)`,
      '≤ 1,000 ms',
      met(worst <= 1000),
    ],
    ['throttles and retries inside a window', '`window`', String(lost), '0', '0', met(lost === 0)],
    ['state transitions, backup of one workload', '`window`', String(transitions), '0', '≤ 15', met(transitions <= 15)],
  ];
}

function coldWindowRow({ 'cold-window': windows }: Measured): string[][] {
  if (windows === undefined) return [['cold window', '`cold-window`', unmeasured, '', '', '']];
  const percent = windows.map(({ heldMs, floorMs }) => 100 * (heldMs / floorMs - 1));
  const worst = Math.max(...percent);
  const floors = windows.map(({ floorMs }) => floorMs / 1000);
  const steps = windows.map((each) => each.transitions);
  const between = (values: readonly number[], words: (value: number) => string) =>
    `${words(Math.min(...values))} to ${words(Math.max(...values))}`;
  const cost = between(steps, (count) => `$${(count * prices.stateTransition).toFixed(3)}`);
  return [
    [
      'cold window of `examples/mediation.yaml`, over what its services and the guard take, which is drawn: RDS 2 to 20 min, MemoryDB 1 to 12, AWS Backup 2 to 60',
      '`cold-window`',
      `middle ${number(middleOf(percent), 2)} %, worst ${number(worst, 2)} % of ${windows.length} regions; ${between(steps, (count) => number(count))} state transitions, ${cost}`,
      `0 % (windows of ${between(floors, span)})`,
      '≤ 2 %',
      met(worst <= 2 && windows.every(({ consistency }) => consistency === 'application-consistent')),
    ],
  ];
}

function recoveryRows(measured: Measured): string[][] {
  const { recovery, 'recovery-as-seen': asSeen } = measured;
  if (recovery === undefined) return [['recovery', '`recovery`', unmeasured, '', '', '']];
  const path = 'recovery of 4 volumes in place, over max(stop, create) + detach + attach + start + status checks';
  return [
    ...(asSeen === undefined
      ? []
      : [
          overheadRow(`${path}, each as seen in us-west-2: ${durations(seenMs)}`, 'recovery-as-seen', asSeen, 'target'),
        ]),
    overheadRow(
      `the same at a harsher assumption, the simulator’s own slower ${durations(TYPICAL_MS)}`,
      'recovery',
      recovery,
      'no target',
    ),
    [
      'state transitions, recovery of one instance',
      '`recovery`',
      String(recovery.transitions),
      'about 12',
      '≤ 40',
      met(recovery.transitions <= 40),
    ],
  ];
}

type Durations = Readonly<Record<keyof typeof seenMs, number>>;
const durations = ({ createVolumeFromSnapshot, detachVolume, attachVolume }: Durations): string =>
  `create ${createVolumeFromSnapshot / 1000} s, detach ${detachVolume / 1000} s, attach ${attachVolume / 1000} s`;

/** The volumes are made before anything is touched, so that one that cannot be made costs no stop: told apart. */
function overheadRow(
  figure: string,
  key: string,
  { tookMs, criticalMs, downMs, phases }: Recovered,
  aim: 'target' | 'no target',
): string[] {
  const overhead = tookMs / criticalMs - 1;
  const createMs = phases.find(({ phase }) => phase === 'CreateVolumes')?.ms ?? 0;
  const seconds = (ms: number) => `${number(ms / 1000)} s`;
  return [
    figure,
    `\`${key}\``,
    `${number(100 * overhead, 1)} % (${seconds(tookMs)}, of them ${seconds(createMs)} to make the volumes before anything is touched; down for ${seconds(downMs)})`,
    `0 % (${seconds(criticalMs)})`,
    ...(aim === 'target' ? ['≤ 10 %', met(overhead <= 0.1)] : ['(≤ 10 % at the durations above)', '']),
  ];
}

function nightRows({ bill }: Measured): string[][] {
  if (bill === undefined) return [['calls per volume, and cost of a day', '`bill`', unmeasured, '', '', '']];
  const calls = awsCallsPerVolume(bill);
  const least = leastCallsPerVolume(bill.volumes);
  const scaled = (bill.dollars * 1000) / bill.volumes;
  // What sweeps cost does not grow with the fleet, so a smaller one scaled up bounds from above; transitions do grow with it.
  const transitions = bill.transitionsPerWorkload * 250 * prices.stateTransition;
  const isDecided = scaled <= 0.05 || transitions > 0.05 || bill.volumes === 1000;
  const costVerdict = isDecided ? met(scaled <= 0.05) : 'undecided';
  const settled = `${bill.sealed} of ${bill.workloads} runs sealed`;
  return [
    [
      `calls of EC2 and SSM per volume, backup (${number(bill.volumes)} volumes, 4 an instance, a minute apart)`,
      '`bill`',
      `${number(calls, 2)}, ${number(calls / least, 1)} x the least (${settled})`,
      `${number(least, 3)} (1/4 CreateSnapshots, 2/4 SendCommand, lists and progress by page)`,
      '≤ 1.25 x',
      met(calls <= 1.25 * least),
    ],
    [
      `control plane of a day for 1,000 volumes on 250 instances${bill.volumes === 1000 ? '' : `, scaled from ${number(bill.volumes)} volumes`}`,
      '`bill`',
      `${bill.volumes === 1000 ? '' : 'at most '}$${scaled.toFixed(3)}; its state transitions alone $${transitions.toFixed(3)} (${settled})`,
      'about $0.003',
      '≤ $0.05',
      costVerdict,
    ],
  ];
}

const servers: Readonly<Record<string, string>> = {
  filesystem: 'filesystem hook (ext4, PostgreSQL on it)',
  postgresql: 'postgresql hook (freezing ext4)',
  mysql: 'mysql hook (MariaDB)',
};

function heldRows({ held }: Measured): string[][] {
  if (held === undefined) return [['held', '`held`', unmeasured, '', '', '']];
  return held.map(({ kind, pausesMs, leastMs, load }) => {
    const [middle, least] = [middleOf(pausesMs), middleOf(leastMs)];
    return [
      `longest pause of a client that writes all the time, ${servers[kind] ?? kind}, quiesced and released at once on a real server`,
      '`held`',
      `middle ${number(middle)} ms, worst ${number(Math.max(...pausesMs))} ms of ${pausesMs.length} holds, while ${number(load, 1)} processes wanted to run`,
      `middle ${number(least)} ms, worst ${number(Math.max(...leastMs))} ms (the bare freeze or lock)`,
      '≤ 250 ms over the limit',
      met(middle - least <= 250),
    ];
  });
}

function demoRow({ demo }: Measured): string[][] {
  if (demo === undefined) return [['demo', '`demo`', unmeasured, '', '', '']];
  const figure = 'the demo, start to end, on the machine that measured';
  return [[figure, '`demo`', `${timeWords(demo)}, ${loadWords(demo)}`, '', '< 20 s', within(20, demo)]];
}

function faultRows(measured: Measured): string[][] {
  const how = 'with all promises checked after each, two at a time, on the machine that measured';
  return [
    faultsRow(
      `every single fault of workloads on instances alone: in every function and in every task of both machines, ${how}`,
      'faults-of-instances',
      measured['faults-of-instances'],
    ),
    faultsRow(
      `the whole sweep, with those of databases, caches, tables, files and plans, ${how}`,
      'faults',
      measured.faults,
    ),
  ];
}

function faultsRow(figure: string, only: string, measured: Faults | undefined): string[] {
  if (measured === undefined) return [figure, `\`${only}\``, unmeasured, '', '< 300 s', ''];
  const { faults, broken, seconds } = measured;
  const words = `${number(faults)} faults, ${number(broken)} broke a promise: ${timeWords(measured)}, ${loadWords(measured)}`;
  return [figure, `\`${only}\``, words, '', '< 300 s', met(seconds < 300 && broken === 0)];
}

function synthRow({ synth: measured }: Measured): string[][] {
  if (measured === undefined) return [['synth', '`synth`', unmeasured, '', '', '']];
  const { synth, bundling, workloads } = measured;
  return [
    [
      `\`cdk synth\` of a policy with every kind of member and hook (${workloads} workloads, a plan), on the machine that measured`,
      '`synth`',
      `${timeWords(synth)}, ${loadWords(synth)}; bundling the functions is part of it, and by itself takes ${number(bundling.seconds, 1)} s`,
      '',
      '< 10 s',
      within(10, synth),
    ],
  ];
}

function newKindRow({ 'new-kind': kind }: Measured): string[][] {
  const figure = 'files changed by hand outside its own folders for a new kind of member (`test/new-kind`)';
  if (kind === undefined) return [[figure, '`new-kind`', unmeasured, '', '0', '']];
  const { own, written, byHand } = kind;
  const words = [String(byHand.length), ...byHand].join(' ');
  return [
    [
      figure,
      '`new-kind`',
      `${words} (${own} files of its own, ${written} written from the folders by \`npm run kinds\`)`,
      '0',
      '0',
      met(byHand.length === 0),
    ],
  ];
}

const timeWords = ({ seconds, processorSeconds }: ProcessTime): string =>
  `${number(seconds, 1)} s (${number(processorSeconds, 1)} s of processors, esbuild’s not counted)`;

const loadWords = ({ status, load, processors }: ProcessTime): string =>
  `exit code ${status}, while ${number(load, 1)} processes wanted ${processors} processors`;

const within = (mostSeconds: number, { seconds, status, load, processors }: ProcessTime): string =>
  load > processors && seconds >= mostSeconds
    ? 'to be measured on an idle machine'
    : met(seconds < mostSeconds && status === 0);

const middleOf = (values: readonly number[]): number =>
  values.toSorted((a, b) => a - b)[Math.floor(values.length / 2)] ?? Number.NaN;
