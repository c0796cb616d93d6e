/** Alarms that a recovery leaves behind, in words: whether they shall watch the new one is a person's to decide. */
import * as z from 'zod/mini';
import { lazy } from '#platform/lazy.ts';
import { quoted } from '../ebs/restore/command-line.ts';

/** `of`: the dimension's value that it goes by. */
export interface WatchingAlarm {
  readonly name: string;
  readonly of: string;
}

const kept = lazy(() => z.object({ alarms: z.array(z.object({ name: z.string(), of: z.string() })) }));

/**
 * @param detail of an artifact
 * @param names that the resource has had, and that the new one has once the recovery is done: alarms that go by that watch the new one by themselves
 * @returns a sentence or none
 */
export function alarmDifferences(
  detail: Readonly<Record<string, unknown>>,
  { before, after }: { readonly before: string; readonly after: string },
): readonly string[] {
  const { data } = z.safeParse(kept(), detail);
  if (data === undefined)
    return before === after
      ? []
      : [`which alarms watch ${before} is not known: look, and decide which shall watch ${after}.`];
  const left = data.alarms.filter(({ of }) => of !== after);
  if (left.length === 0) return [];
  const names = left.map(({ name }) => quoted(name));
  return [
    `its alarms go on watching ${[...new Set(left.map(({ of }) => of))].join(', ')}: ${names.join(', ')}. Decide which shall watch what is made anew: aws cloudwatch describe-alarms --alarm-names ${names.join(' ')} shows them.`,
  ];
}
