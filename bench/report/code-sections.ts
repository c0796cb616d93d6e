/** What a day costs, and what the functions weigh. */

import { mostBytes } from '#infra/bundle.ts';
import type { BundleFigure } from '../figures/bundles.ts';
import type { Measured } from '../measured.ts';
import { prices } from '../prices.ts';
import { met, number, table } from './markdown.ts';

export function billSection({ bill }: Measured): readonly string[] {
  if (bill === undefined) return [];
  const rows = Object.entries(bill.billed).map(([name, units]) => {
    const price = Object.entries(prices).find(([known]) => known === name)?.[1] ?? 0;
    return [words(name), number(units, units < 10 ? 4 : 0), `$${price}`, `$${(units * price).toFixed(4)}`];
  });
  return [
    '## The bill of a day',
    '',
    `${number(bill.volumes)} volumes, 4 an instance, ${number(bill.workloads)} workloads one minute apart from 03:00 on, 24 hours with every sweep. Counted calls, list prices`,
    '(`bench/prices.ts`), no free tier; 100 ms of computing are added to each invocation’s simulated waiting. Standing charges',
    '(alarms, custom metrics) and the snapshots’ storage are not in it.',
    '',
    ...table(['what', 'units', 'a unit', 'dollars'], rows),
    ...table(['all', '', '', ''], [['', '', '', `**$${bill.dollars.toFixed(4)}**`]]).slice(2),
  ];
}

const words = (name: string): string => name.replace(/[A-Z]/g, (letter) => ` ${letter.toLowerCase()}`);

const mostLoadRatio = 1.2;

export function bundleSection({ bundles }: Measured): readonly string[] {
  if (bundles === undefined) return [];
  const ok = bundles.filter((each) => each.bytes <= mostBytes(each)).length;
  const noise = noiseOf(bundles);
  const isTelling = noise <= mostNoise;
  const quick = bundles.filter((each) => ratioOf(each) <= mostLoadRatio).length;
  const loads = isTelling
    ? `${quick} of them within that of loading`
    : `loading cannot be judged: bundles that are the same but for their name differ by ${number(noise, 2)} in the ratio, since the machine was busy`;
  const rows = bundles.map((each) => [
    `\`${each.step}\``,
    each.services.join(', '),
    number(each.bytes / 1000),
    number(each.referenceBytes / 1000),
    `${number(mostBytes(each) / 1000)} ${met(each.bytes <= mostBytes(each))}`,
    number(ratioOf(each), 2),
    isTelling ? met(ratioOf(each) <= mostLoadRatio) : 'too noisy',
  ]);
  return [
    '## Functions',
    '',
    `\`npm run bench -- --only bundles\`: ${ok} of ${bundles.length} within the target of size (KB of 1,000 bytes: 120 without an EC2 client, 1,000 with one); ${loads}`,
    '(≤ 1.2 x a reference built in the same run by the same settings: the SDK’s client and one command of each of the same AWS services,',
    'nothing else; processor time while the file is imported, middle of 15 fresh processes). A function can be smaller than its reference, which has the',
    'clients as they come: it has of them the operations and errors alone that are named (`infra/used-parts.ts`), and calls most services without (`functions/platform/aws`).',
    '',
    ...table(['function', 'AWS services', 'KB', 'reference KB', 'target KB', 'load ratio', '≤ 1.2'], rows),
  ];
}

/** Largest difference between the ratios of bundles that are as good as the same: what the measurement cannot resolve. */
function noiseOf(bundles: readonly BundleFigure[]): number {
  const alike = Map.groupBy(bundles, ({ services, bytes }) => `${services.join()} ${Math.round(bytes / 1000)}`);
  const spreads = [...alike.values()].map((each) => Math.max(...each.map(ratioOf)) - Math.min(...each.map(ratioOf)));
  return Math.max(0, ...spreads);
}

/** Half of what the target leaves between good and bad. */
const mostNoise = 0.1;

const ratioOf = ({ loadMs, referenceLoadMs }: BundleFigure): number => loadMs / referenceLoadMs;
