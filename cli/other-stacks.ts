/** Other stacks of Holdfast in the account and Region, as the tags of what they have taken tell of them. */

import type { PlannedMember } from '#domain/run.ts';
import { parseRunId } from '#domain/run-id.ts';
import { tagKeys } from '#domain/tags.ts';
import { asFault } from '#platform/aws-errors.ts';
import { type TaggedResource, tagging } from '#platform/clients/tagging.ts';
import { environment } from '#platform/environment.ts';
import { utc } from './times.ts';

/** What was taken longer ago is not of a stack that goes on: schedules are weekly at the longest, as a rule. */
const recentMs = 8 * 86_400_000;
/** https://docs.aws.amazon.com/resourcegroupstagging/latest/APIReference/API_TagFilter.html */
const mostValues = 20;

/** @returns of these members, planned in this stack, what others back up, too: a sentence each */
export type LookAtOtherStacks = (members: readonly PlannedMember[], nowMs: number) => Promise<readonly string[]>;

/** Asks once which stacks there are, whatever the number of workloads: in most accounts there is no other. What cannot be asked is told once. */
export function otherStacks(): LookAtOtherStacks {
  let names: Promise<readonly string[]> | undefined;
  let isTold = false;
  return async (members, nowMs) => {
    if (isTold) return [];
    try {
      names ??= stacksBeside();
      return (await taken(await names, members)).filter(isSince(nowMs - recentMs)).map(words);
    } catch (error) {
      isTold = true;
      return [asFault(error, 'looking whether another stack backs up the same').message];
    }
  };
}

async function stacksBeside(): Promise<readonly string[]> {
  const names = await tagging().valuesOf(tagKeys.stack);
  return names.filter((name) => name !== environment.stack());
}

interface Taken {
  readonly stack: string;
  readonly resource: string;
  /** As in `rds snapshot`: resources of several kinds may have one name. */
  readonly artifact: string;
  readonly runId: string;
  readonly scheduledAt: string;
}

const isSince =
  (fromMs: number) =>
  ({ scheduledAt }: Taken): boolean =>
    Date.parse(scheduledAt) >= fromMs;

/** The last of each stack and resource. */
async function taken(stacks: readonly string[], members: readonly PlannedMember[]): Promise<readonly Taken[]> {
  const resources = [...new Set(members.map(({ resource }) => resource))];
  const asked = parts(stacks).flatMap((some) =>
    parts(resources).flatMap((those) => byWhich.map((key) => ({ [tagKeys.stack]: some, [key]: those }))),
  );
  const found = await Promise.all(asked.map((tags) => tagging().resourcesWith({ ...tags, ...ofRuns }, [])));
  const runs = found.flat().flatMap(takenOf);
  const last = new Map(runs.toSorted(byTime).map((each) => [`${each.stack} ${each.artifact} ${each.resource}`, each]));
  return [...last.values()];
}

/** Of the snapshots of volumes their instance; of all else what it is a copy of. */
const byWhich = [tagKeys.instance, tagKeys.source];
const ofRuns = { [tagKeys.role]: 'backup' };

function takenOf({ arn, tags }: TaggedResource): Taken[] {
  const { [tagKeys.stack]: stack = '', [tagKeys.run]: runId = '' } = tags;
  const resource = tags[tagKeys.instance] ?? tags[tagKeys.source] ?? '';
  const run = parseRunId(runId);
  const [, , service = '', , , type = ''] = arn.split(/[:/]/);
  return run === undefined
    ? []
    : [{ stack, resource, artifact: `${service} ${type}`, runId, scheduledAt: run.scheduledAt }];
}

const byTime = (one: Taken, other: Taken) => (one.scheduledAt < other.scheduledAt ? -1 : 1);

const words = ({ stack, resource, artifact, runId, scheduledAt }: Taken): string =>
  `${resource} is backed up by the stack ${stack}, too (${artifact} of its run ${runId}, of ${utc(scheduledAt)}): what is held by one is refused to the other, recoveries of the two do not wait for each other, and it is paid for twice. Name it in one policy only.`;

function parts(values: readonly string[]): readonly (readonly string[])[] {
  const count = Math.ceil(values.length / mostValues);
  return Array.from({ length: count }, (_, index) => values.slice(index * mostValues, (index + 1) * mostValues));
}
