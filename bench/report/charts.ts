/** The page's charts as SVG, drawn by Vega-Lite. */
import { parse, View } from 'vega';
import { compile, type TopLevelSpec } from 'vega-lite';
import { meanCompletionSeconds } from '../figures/setting.ts';
import { expected, floorOf } from '../limits.ts';
import type { Measured } from '../measured.ts';
import { sizes } from '../sizes.ts';

const frame = { width: 560, height: 300, background: 'white' } as const;

/** Charts by file name; one is left out when nothing of it has been measured. */
export async function charts(measured: Measured): Promise<Readonly<Record<string, string>>> {
  const drawn: Record<string, string> = { 'time-to-finish.svg': await draw(timeToFinish(measured)) };
  if (measured.window !== undefined) drawn['window.svg'] = await draw(windows(measured.window));
  if (measured.recovery !== undefined) drawn['recovery.svg'] = await draw(recovery(measured.recovery));
  return drawn;
}

const draw = (spec: TopLevelSpec): Promise<string> => new View(parse(compile(spec).spec), { renderer: 'none' }).toSVG();

function timeToFinish(measured: Measured): TopLevelSpec {
  const values = sizes.flatMap((volumes) => {
    const night = measured[`night-${volumes}`];
    const textbook = measured[`textbook-${volumes}`];
    const floor = floorOf(Math.ceil(volumes / 4), expected(volumes, meanCompletionSeconds));
    return [
      { volumes, minutes: floor.finishedSeconds / 60, who: 'least possible' },
      ...(night && night.sealed === night.workloads
        ? [{ volumes, minutes: night.finishedSeconds / 60, who: 'Holdfast, every run sealed' }]
        : []),
      ...(textbook ? [{ volumes, minutes: textbook.finishedSeconds / 60, who: 'textbook state machine' }] : []),
    ];
  });
  return {
    ...frame,
    title: 'One night: from the scheduled minute to the last sealed point',
    data: { values },
    mark: { type: 'line', point: true },
    encoding: {
      x: { field: 'volumes', type: 'quantitative', scale: { type: 'log' }, title: 'volumes (4 an instance)' },
      y: { field: 'minutes', type: 'quantitative', scale: { type: 'log' }, title: 'minutes' },
      color: { field: 'who', type: 'nominal', title: null },
    },
  };
}

function windows({ windowMs, floorMs }: NonNullable<Measured['window']>): TopLevelSpec {
  const values = windowMs.flatMap((ms, index) => [
    { region: index + 1, ms: floorMs[index] ?? 0, part: 'CreateSnapshots and delivery of the release' },
    { region: index + 1, ms: ms - (floorMs[index] ?? 0), part: 'over it' },
  ]);
  return {
    ...frame,
    title: 'How long a guest with four volumes is held still',
    data: { values },
    mark: 'bar',
    encoding: {
      x: { field: 'region', type: 'ordinal', title: 'simulated region (seed)' },
      y: { field: 'ms', type: 'quantitative', title: 'ms on the guest’s clock' },
      color: { field: 'part', type: 'nominal', title: null },
    },
  };
}

function recovery({ phases }: NonNullable<Measured['recovery']>): TopLevelSpec {
  let fromMs = 0;
  const values = phases.map(({ phase, ms }) => {
    const span = { phase, from: fromMs / 1000, to: (fromMs + ms) / 1000 };
    fromMs += ms;
    return span;
  });
  return {
    ...frame,
    title: 'A recovery in place of four volumes',
    data: { values },
    mark: 'bar',
    encoding: {
      y: { field: 'phase', type: 'nominal', sort: null, title: null },
      x: { field: 'from', type: 'quantitative', title: 'seconds' },
      x2: { field: 'to' },
    },
  };
}
