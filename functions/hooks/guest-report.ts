import * as z from 'zod/mini';
import { lazy } from '#platform/lazy.ts';
import { parsedJson } from '#platform/parsed-json.ts';
import type { GuestReport } from './hook.ts';

const time = z.int().check(z.positive());
const report = lazy(() =>
  z.discriminatedUnion('result', [
    z.strictObject({
      ...{ result: z.literal('quiesced'), armedAt: z.optional(time), at: time, until: time },
      note: z.optional(z.string()),
    }),
    z.strictObject({
      result: z.literal('released'),
      at: time,
      heldSince: z.nullable(time),
      by: z.enum(['release', 'timer', 'none', 'lost']),
    }),
    z.strictObject({ result: z.literal('held'), since: time, until: time, run: z.string() }),
    z.strictObject({ result: z.literal('free') }),
    z.strictObject({ result: z.literal('fit') }),
  ]),
);

/**
 * @param stdout of a guest script
 * @returns the last line that starts with `holdfast `, as the guest meant it; undefined when there is none or it says anything else
 */
export function guestReport(stdout: string): GuestReport | undefined {
  const line = stdout.split('\n').findLast((candidate) => candidate.startsWith('holdfast '));
  return line === undefined ? undefined : report().safeParse(parsedJson(line.slice('holdfast '.length))).data;
}
