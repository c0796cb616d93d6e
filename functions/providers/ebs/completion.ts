/** How long snapshots of these volumes have taken. */
import { tagKeys } from '#domain/tags.ts';
import { environment } from '#platform/environment.ts';
import { describeSnapshots } from './describe.ts';

/** Volumes asked for: a sample, since a volume may have years of snapshots. */
const sample = 20;

/** @returns the mean over the newest complete snapshot of each of the first volumes, seconds; undefined when there is none */
export async function completionSeconds(volumeIds: readonly string[]): Promise<number | undefined> {
  if (volumeIds.length === 0) return undefined;
  const snapshots = await describeSnapshots([
    { Name: 'volume-id', Values: volumeIds.slice(0, sample) },
    { Name: `tag:${tagKeys.stack}`, Values: [environment.stack()] },
    { Name: 'status', Values: ['completed'] },
  ]);
  const newest = new Map<string, { readonly startMs: number; readonly seconds: number }>();
  for (const { VolumeId = '', StartTime, CompletionTime } of snapshots) {
    if (StartTime === undefined || CompletionTime === undefined) continue;
    const startMs = StartTime.getTime();
    if (startMs < (newest.get(VolumeId)?.startMs ?? 0)) continue;
    newest.set(VolumeId, { startMs, seconds: (CompletionTime.getTime() - startMs) / 1000 });
  }
  const each = [...newest.values()].map(({ seconds }) => seconds);
  return each.length === 0 ? undefined : each.reduce((sum, seconds) => sum + seconds, 0) / each.length;
}
