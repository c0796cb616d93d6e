import { durationWords } from '#domain/duration.ts';
import { leftOverWords } from '#domain/left-over.ts';
import type { Standing } from './standing.ts';
import { table } from './table.ts';
import type { Colour, Terminal } from './terminal.ts';
import { ago, inZone, utc } from './times.ts';
import { wrapped } from './wrap.ts';

const stateColours: Readonly<Record<string, Colour>> = { sealed: 'green', failed: 'red', refused: 'yellow' };

/** A table of all, and below it whatever needs eyes. */
export function showStanding(terminal: Terminal, standings: readonly Standing[], nowMs: number): void {
  const head = ['Workload', 'Last run', 'Newest point', 'Against its RPO', 'Next run'];
  terminal.line(
    table(
      terminal,
      head,
      standings.map((standing) => rowOf(terminal, standing, nowMs)),
      { wraps: 3 },
    ),
  );
  const lines = standings.flatMap((standing) => troubles(terminal, standing, nowMs));
  if (lines.length > 0) terminal.line();
  for (const line of lines) terminal.line(wrapped(line, '    '));
}

const rowOf = (terminal: Terminal, standing: Standing, nowMs: number): string[] => [
  standing.workload,
  lastRunWords(terminal, standing),
  standing.newestPoint === undefined
    ? terminal.paint('red', 'none')
    : `${ago(standing.newestPoint.takenAt, nowMs)}\n${standing.newestPoint.consistency}${copyWords(terminal, standing, nowMs)}`,
  rpoWords(terminal, standing),
  standing.nextRunAt === undefined
    ? 'never'
    : `${inZone(Date.parse(standing.nextRunAt), standing.timeZone)}\n${standing.timeZone}`,
];

function lastRunWords(terminal: Terminal, { lastRun }: Standing): string {
  if (lastRun === undefined) return 'none yet';
  const { state, scheduledAt, release } = lastRun;
  const words = terminal.paint(
    stateColours[state] ?? 'cyan',
    state === 'waiting' ? 'waiting for snapshot slots' : state,
  );
  return `${words}, ${release === 'RELEASE NOT CONFIRMED' ? terminal.paint('red', release) : release}\n${utc(scheduledAt)}`;
}

/** Of another Region, and under other keys. */
function copyWords(terminal: Terminal, { copies, keyCopies }: Standing, nowMs: number): string {
  const line = (what: string, newest: { readonly takenAt: string } | undefined, isBad: boolean) => {
    const words = newest === undefined ? `no ${what}` : `${what} ${ago(newest.takenAt, nowMs)}`;
    return `\n${isBad ? terminal.paint('red', words) : words}`;
  };
  return [
    copies === undefined ? '' : line('copy', copies.newestPoint, copies.isBehind),
    keyCopies === undefined ? '' : line('key copy', keyCopies.newestPoint, keyCopies.isFailed),
  ].join('');
}

function rpoWords(terminal: Terminal, { rpo, doubtful }: Standing): string {
  const objective = durationWords(rpo.rpoMs);
  if (rpo.state === 'none')
    return terminal.paint('red', `no ${doubtful.length === 0 ? '' : 'good '}point; RPO ${objective}`);
  if (rpo.state === 'missed') return terminal.paint('red', `PAST ${objective} by ${durationWords(rpo.overdueMs)}`);
  return `${terminal.paint('green', 'met')}, ${durationWords(rpo.remainingMs)} left\nof ${objective}`;
}

function troubles(terminal: Terminal, standing: Standing, nowMs: number): string[] {
  const { workload, heldBy, alarms, recovery, lastRun, doubtful, leftOvers } = standing;
  const name = terminal.paint('bold', workload);
  return [
    ...(lastRun?.failure === undefined ? [] : [`${name}  ${lastRun.id} ${lastRun.state}: ${lastRun.failure}`]),
    ...doubtful.map(
      ({ id, takenAt }) =>
        `${name}  ${terminal.paint('yellow', 'doubtful')} and not counted: ${id} of ${utc(takenAt)}, whose times contradict each other. Look: npx holdfast points ${workload} --evidence`,
    ),
    ...(heldBy === undefined
      ? []
      : [
          `${name}  held by the ${heldBy.kind} ${heldBy.holder} since ${utc(heldBy.takenAt)}, until ${utc(heldBy.untilAt)} at the latest`,
        ]),
    ...alarms.map(
      ({ kind, since, subject }) =>
        `${name}  ${terminal.paint('red', 'ALARM')} ${kind} ${subject}, since ${utc(since)}`,
    ),
    ...leftOvers.map((each) => `${name}  ${terminal.paint('yellow', 'left over')}: ${leftOverWords(each)}`),
    ...(recovery === undefined
      ? []
      : [
          `${name}  recovery ${recovery.id} is ${recovery.state}, begun ${ago(recovery.startedAt, nowMs)}`,
          ...recovery.leftovers.map((line) => `    ${line}`),
        ]),
  ];
}
