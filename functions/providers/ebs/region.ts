/** How much of the Region's limit of pending snapshots is used, and by whom. */
import type { Snapshot } from '@aws-sdk/client-ec2';
import type { RegionSlots } from '#domain/slots.ts';
import { imageRunTag, tagKeys } from '#domain/tags.ts';
import { environment } from '#platform/environment.ts';
import { describeSnapshots } from './describe.ts';
import { pendingPerRegion } from './limits.ts';
import { tagsOf } from './selection.ts';

export const regionSlots = async (): Promise<RegionSlots> =>
  slotsOf(await describeSnapshots([{ Name: 'status', Values: ['pending'] }]));

/** @param snapshots of the account; those that are not pending do not count */
export function slotsOf(snapshots: readonly Snapshot[]): RegionSlots {
  const pending: Record<string, number> = {};
  for (const snapshot of snapshots) {
    if (snapshot.State !== 'pending') continue;
    const owner = ownerOf(tagsOf(snapshot));
    pending[owner] = (pending[owner] ?? 0) + 1;
  }
  return { limit: pendingPerRegion, pending };
}

/** The run of this stack that it belongs to, or ''. */
const ownerOf = (tags: Readonly<Record<string, string>>): string =>
  tags[tagKeys.stack] === environment.stack() ? (tags[tagKeys.run] ?? tags[imageRunTag] ?? '') : '';
