import type { Stage } from '../scenario/stage.ts';
import { stepOf } from './step-of.ts';

/** EC2's answers are as old as its views lag behind: the longest that the region lets them. */
const lagMs = 1000;

/**
 * From when on a recovered instance is its owner's again, and no longer its recovery's: since the commit's last look at it. Whoever
 * stops it a moment later cannot be seen by any number of looks, and will not be surprised that it is stopped. Infinity: never.
 */
export function handedOverMs({ calls }: Stage): number {
  const look = calls
    .of('ec2', 'DescribeInstances')
    .findLast(({ call, outcome }) => outcome === 'ok' && stepOf(call.caller.name) === 'CommitRecovery');
  return look === undefined ? Infinity : look.call.timeMs - lagMs;
}
