/** docs/benchmarks.md: every figure beside the command that measures it, its limit, its target, and whether that is met. */
import type { Measured } from '../measured.ts';
import { callsSection } from './calls-section.ts';
import { billSection, bundleSection } from './code-sections.ts';
import { headline } from './headline.ts';
import { nightSection } from './night-section.ts';

export const page = (measured: Measured): string =>
  [
    '# Benchmarks',
    '',
    '<!-- Written by `npm run bench`; do not edit by hand. -->',
    '',
    'Everything but the bundles’ loading, `demo`, the two of `faults`, `synth` and `held` is measured in the simulated region, in virtual time, with the bundles,',
    'definitions and roles that would be deployed: exact, repeatable, and as true as the simulation’s durations are',
    '(`simulator/services/ec2/durations.ts`, `simulator/services/ssm/invocations.ts`). Nothing here was measured on AWS.',
    'Each snapshot takes 300 s, give or take a fifth; each API call takes 20 ms. `npm run bench -- --only <figure>` measures one anew.',
    '',
    '## Figures and targets',
    '',
    ...headline(measured),
    '',
    ...callsSection(measured),
    ...(measured.window ? ['![How long a guest is held still](benchmarks/window.svg)', ''] : []),
    ...(measured.recovery ? ['![A recovery in place](benchmarks/recovery.svg)', ''] : []),
    ...nightSection(measured),
    '',
    ...billSection(measured),
    '',
    ...bundleSection(measured),
    '',
  ].join('\n');
