/** One measurement in a process of its own: `node bench/measure.ts <figure> [arguments]`; JSON on standard output. */
import { measureBundles } from './figures/bundles.ts';
import { measureColdWindow } from './figures/cold-window.ts';
import { measureDemo } from './figures/demo.ts';
import { measureFaults } from './figures/faults.ts';
import { measureHeld } from './figures/held.ts';
import { measureNewKind } from './figures/new-kind.ts';
import { measureNight } from './figures/night.ts';
import { measureRecovery, seenMs } from './figures/recovery.ts';
import { meanCompletionSeconds } from './figures/setting.ts';
import { measureSynth } from './figures/synth.ts';
import { measureTextbook } from './figures/textbook.ts';
import { measureWindow } from './figures/window.ts';

const [figure = '', ...numbers] = process.argv.slice(2);
const [first = 0, second = 0] = numbers.map(Number);
const figures: Readonly<Record<string, () => Promise<unknown>>> = {
  night: () => measureNight(first, { timetable: 'one minute', hours: second || 24 }),
  bill: () => measureNight(first, { timetable: 'a minute each', hours: 24, wholeDay: true }),
  'cold-window': () => measureColdWindow(first || 20),
  demo: async () => measureDemo(),
  faults: async () => measureFaults(),
  'faults-of-instances': async () => measureFaults('instances'),
  synth: async () => measureSynth(),
  'new-kind': async () => measureNewKind(),
  held: () => measureHeld(first || 50),
  textbook: () => measureTextbook(first, meanCompletionSeconds),
  bundles: async () => measureBundles(first || 9),
  window: () => measureWindow(first || 20),
  recovery: () => measureRecovery(),
  'recovery-as-seen': () => measureRecovery(seenMs),
};
const measure = figures[figure];
if (measure === undefined) throw new Error(`There is no figure ${figure}: ${Object.keys(figures).join(', ')}.`);
const measured = await measure();
process.stdout.write(`${JSON.stringify(measured)}\n`, () => process.exit(0));
