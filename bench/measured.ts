/** Everything that was measured, by the keys of `main.ts`: absent when it has not been. */
import type { BundleFigure } from './figures/bundles.ts';
import type { ColdWindow } from './figures/cold-window.ts';
import type { Faults } from './figures/faults.ts';
import type { Held } from './figures/held.ts';
import type { NewKind } from './figures/new-kind.ts';
import type { Night } from './figures/night.ts';
import type { ProcessTime } from './figures/process-time.ts';
import type { Recovered } from './figures/recovery.ts';
import type { Synth } from './figures/synth.ts';
import type { Textbook } from './figures/textbook.ts';
import type { HeldStill } from './figures/window.ts';

export interface Measured {
  readonly window?: HeldStill;
  readonly 'cold-window'?: readonly ColdWindow[];
  readonly recovery?: Recovered;
  readonly 'recovery-as-seen'?: Recovered;
  readonly bill?: Night;
  readonly bundles?: readonly BundleFigure[];
  readonly demo?: ProcessTime;
  readonly faults?: Faults;
  readonly 'faults-of-instances'?: Faults;
  readonly synth?: Synth;
  readonly 'new-kind'?: NewKind;
  readonly held?: readonly Held[];
  readonly [night: `night-${number}`]: Night | undefined;
  readonly [textbook: `textbook-${number}`]: Textbook | undefined;
}
