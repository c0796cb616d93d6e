/** What a recovery said that it would call, and what was called. */
import type { Region } from '#simulator/region.ts';

/** Calls that changed something in EC2 since then: `AttachVolume, StopInstances …`, sorted. */
export const changes = ({ calls }: Region, sinceMs: number): string =>
  sorted(
    calls
      .mutating()
      .filter(({ call, endedMs, outcome }) => call.service === 'ec2' && endedMs >= sinceMs && outcome === 'ok')
      .map(({ call }) => call.operation),
  );

/** The same of a plan's command lines: `aws ec2 attach-volume …` is AttachVolume. */
export const plannedCalls = (lines: unknown): string =>
  sorted(
    (Array.isArray(lines) ? lines.map(String) : []).flatMap((line) => {
      const [, service, operation] = line.split(' ');
      return service === 'ec2' && operation !== undefined ? [pascalCase(operation)] : [];
    }),
  );

const sorted = (names: readonly string[]) => (names.length === 0 ? 'no calls' : names.toSorted().join(', '));

const pascalCase = (words: string) =>
  words
    .split('-')
    .map((word) => word.charAt(0).toUpperCase() + word.slice(1))
    .join('');
