import type { Artifact } from '#domain/artifact.ts';
import { copyTagKeys, tagKeys } from '#domain/tags.ts';
import { environment } from '#platform/environment.ts';
import type { CopyTags } from './copier.ts';
import { cutTags } from './named-snapshots.ts';
import type { Tags } from './tag-list.ts';

/** What a copy says of itself in another Region, whatever its kind: all that a recovery needs to know when the ledger is lost with this one. */
export const copyTags = (artifact: Artifact, copy: CopyTags): Tags => ({
  [tagKeys.stack]: copy.stack,
  [tagKeys.workload]: copy.workload,
  [copyTagKeys.run]: copy.pointId,
  [copyTagKeys.region]: environment.region(),
  [copyTagKeys.of]: artifact.id,
  [copyTagKeys.taken]: artifact.startedAt,
  [copyTagKeys.state]: 'incomplete',
  [tagKeys.tier]: String(artifact.tier),
  [tagKeys.count]: String(copy.count),
  [tagKeys.role]: 'copy',
  [tagKeys.verdict]: copy.verdict,
  [tagKeys.expires]: copy.expiresAt,
  // The service tells what a copy's own source is, if any, and not what that was of.
  [tagKeys.source]: artifact.source,
  ...cutTags(artifact),
});
