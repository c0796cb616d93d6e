/** Pure: where a service cannot rename, a parameter says which resource it is; each phase, and the way back. */
import { providerFault } from '#domain/faults.ts';
import type { Decision } from '../drive.ts';
import type { ReplacementDetail } from './replacement-detail.ts';
import type { Action } from './replacement-service.ts';
import { act, arrived, done, type Seen } from './swap-decisions.ts';

/** Without a parameter there is nothing to hand over by: the mail says what the new one is called. */
export function decideHandOver(
  { handOver, madeAs }: ReplacementDetail,
  { madeAs: made, parameter }: Seen,
): Decision<Action> {
  if (handOver === undefined) return done;
  if (made?.endpoint === undefined) return act(`${madeAs} to have an endpoint`);
  return made.endpoint === parameter ? done : put(handOver.parameter, made.endpoint);
}

/** Nothing is changed any more. */
export function decideHandedOver(detail: ReplacementDetail, seen: Seen): Decision<Action> {
  const { madeAs, restoredId, handOver } = detail;
  if (seen.madeAs === undefined || seen.madeAs.id !== restoredId)
    throw providerFault(`${madeAs}, which the recovery has made, is gone.`);
  if (handOver !== undefined && seen.parameter !== seen.madeAs.endpoint) {
    throw providerFault(
      `${handOver.parameter} says ${seen.parameter}, not ${seen.madeAs.endpoint}: somebody has changed it.`,
    );
  }
  return arrived(madeAs, seen.madeAs);
}

export const decideHandBack = ({ handOver }: ReplacementDetail, { parameter }: Seen): Decision<Action> =>
  handOver === undefined || handOver.before === parameter ? done : put(handOver.parameter, handOver.before);

const put = (parameter: string, value: string): Decision<Action> =>
  act(`${parameter} to say ${value}`, { kind: 'hand-over', parameter, value });
