/** Pure: where the new one does not take the name, a signpost says which resource it is; each phase, and the way back. */
import { type Fault, providerFault } from '#domain/faults.ts';
import type { Decision } from '../drive.ts';
import type { ReplacementDetail } from './replacement-detail.ts';
import type { Action } from './replacement-service.ts';
import { nameOf, type Sign, type Signpost, signTo } from './signpost.ts';
import { act, arrived, done, type Seen } from './swap-decisions.ts';

/** Without a signpost there is nothing to hand over by: the mail says what the new one is called. What somebody else has changed stays. */
export function decideHandOver(detail: ReplacementDetail, seen: Seen): Decision<Action> {
  const { handOver, madeAs } = detail;
  const { madeAs: made, sign } = seen;
  if (handOver === undefined) return done;
  if (made?.endpoint === undefined) return act(`${madeAs} to have an endpoint`);
  if (isOthers(detail, seen)) throw changedBySomebody(handOver, sign, handOver.before);
  return decideSign(handOver, signTo(handOver, made.endpoint), sign);
}

/** A change that is not known to be on its way is asked for (again): that changes nothing, and has an id to await it by. */
function decideSign(post: Signpost, value: string, sign: Sign | undefined): Decision<Action> {
  if (sign?.says !== value || sign.isHeard === 'unknown') return put(post, value);
  return sign.isHeard ? done : act(`all servers of Route 53 to know ${nameOf(post)} as ${value}`);
}

/** Nothing is changed any more. */
export function decideHandedOver(detail: ReplacementDetail, seen: Seen): Decision<Action> {
  const { madeAs, restoredId, handOver } = detail;
  const made = seen.madeAs;
  if (made === undefined || made.id !== restoredId)
    throw providerFault(`${madeAs}, which the recovery has made, is gone.`);
  const value = handOver && signTo(handOver, made.endpoint ?? '');
  if (handOver !== undefined && seen.sign?.says !== value) throw changedBySomebody(handOver, seen.sign, value);
  return arrived(madeAs, made);
}

const changedBySomebody = (post: Signpost, sign: Sign | undefined, expected: string | undefined): Fault =>
  providerFault(`${nameOf(post)} says ${sign?.says}, not ${expected}: somebody has changed it.`);

export function decideHandBack(detail: ReplacementDetail, seen: Seen): Decision<Action> {
  const { handOver, change } = detail;
  if (handOver === undefined || isOthers(detail, seen)) return done;
  const wasNeverChanged = change === undefined && seen.sign?.says === handOver.before;
  return wasNeverChanged ? done : decideSign(handOver, handOver.before, seen.sign);
}

/**
 * One that leads neither to the new one nor to where it did before: whoever changed it knows why. When the new one is gone, a record is ours if
 * we have changed it, and a parameter if it names what was made.
 */
function isOthers({ handOver, change, madeAs: name, restoredId }: ReplacementDetail, { sign, madeAs }: Seen): boolean {
  if (handOver === undefined || sign?.says === handOver.before) return false;
  if (madeAs?.endpoint !== undefined) return sign?.says !== signTo(handOver, madeAs.endpoint);
  if ('cname' in handOver) return change === undefined;
  return sign?.says !== restoredId && !sign?.says?.includes(name);
}

/** For a person, of what a roll back has left to whoever changed it: a sentence or none. */
export const leftToOthers = (detail: ReplacementDetail, seen: Seen): readonly string[] =>
  detail.handOver !== undefined && isOthers(detail, seen)
    ? [
        `${nameOf(detail.handOver)} says ${seen.sign?.says}, not ${detail.handOver.before} as before: somebody has changed it, so it is left as it is.`,
      ]
    : [];

const put = (post: Signpost, value: string): Decision<Action> =>
  act(`${nameOf(post)} to say ${value}`, { kind: 'hand-over', post: plain(post), value });

/** Without what else the ledger keeps beside it. */
const plain = (post: Signpost): Signpost => ('cname' in post ? { cname: post.cname } : { parameter: post.parameter });
