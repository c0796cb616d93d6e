/** Everything that was measured, by the keys of `main.ts`: absent when it has not been. */
import type { BundleFigure } from './figures/bundles.ts';
import type { Demo } from './figures/demo.ts';
import type { Held } from './figures/held.ts';
import type { Night } from './figures/night.ts';
import type { Recovered } from './figures/recovery.ts';
import type { Textbook } from './figures/textbook.ts';
import type { HeldStill } from './figures/window.ts';

export interface Measured {
  readonly window?: HeldStill;
  readonly recovery?: Recovered;
  readonly 'recovery-as-seen'?: Recovered;
  readonly bill?: Night;
  readonly bundles?: readonly BundleFigure[];
  readonly demo?: Demo;
  readonly held?: readonly Held[];
  readonly [night: `night-${number}`]: Night | undefined;
  readonly [textbook: `textbook-${number}`]: Textbook | undefined;
}
