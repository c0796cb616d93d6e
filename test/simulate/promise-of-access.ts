/** Every call is one that the caller's deployed role allows. */
import { isDeepStrictEqual } from 'node:util';
import type { CallRecord } from '#simulator/kernel/call-log.ts';
import type { Scene } from './scene.ts';
import { stepOf } from './step-of.ts';

/** Of a code: the caller may not. */
export const isRefusal = /AccessDenied|Unauthorized|AuthorizationError/;

export function brokenAccess({ stage, scenario, mishaps }: Scene): readonly string[] {
  const injected = mishaps.flatMap(({ denies }) => (denies ? [`${denies.caller} ${denies.operation}`] : []));
  const refused = stage.calls
    .all()
    .filter(
      (record) =>
        isRefusal.test(record.errorCode ?? '') &&
        !injected.includes(`${record.call.caller.name} ${record.call.operation}`) &&
        !scenario.denies?.includes(`${stepOf(record.call.caller.name)} ${record.call.operation}`) &&
        !hasDeleted(stage.calls.all(), record),
    );
  return [...new Set(refused.map(({ call }) => `${call.caller.name} may not ${call.service}:${call.operation}`))];
}

/** The same call was allowed before: what is gone has no tags any more, by which a role may delete only ours. */
const hasDeleted = (records: readonly CallRecord[], { call, input }: CallRecord): boolean =>
  /^De(lete|register)/.test(call.operation) &&
  records.some(
    (earlier) =>
      earlier.outcome !== 'refused' &&
      earlier.call.timeMs <= call.timeMs &&
      earlier.call.operation === call.operation &&
      earlier.call.caller.name === call.caller.name &&
      isDeepStrictEqual(earlier.input, input),
  );
