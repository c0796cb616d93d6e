/** The tags that a recovery puts on what it makes, replaces and safeguards: who, when, why, until when. */
import type { Recovery } from '#domain/recovery.ts';
import { keepUntil } from '#domain/recovery-progress.ts';
import { tagKeys, tagLimit } from '#domain/tags.ts';
import { environment } from '#platform/environment.ts';

type Tags = Readonly<Record<string, string>>;
type Role = 'restored' | 'replaced' | 'safety';

/** Characters of a tag's value. https://docs.aws.amazon.com/AWSEC2/latest/UserGuide/Using_Tags.html */
const valueLength = 256;

/** Without these a resource cannot be found, or be known as ours, when the ledger is gone. */
const identity = (recovery: Recovery, instanceId: string, role: Role): Tags => ({
  [tagKeys.stack]: environment.stack(),
  [tagKeys.recovery]: recovery.id,
  [tagKeys.role]: role,
  [tagKeys.instance]: instanceId,
});

/** In order of importance: where a resource has no room for all, the last ones are left out. */
function marks(recovery: Recovery, instanceId: string, role: Role): Tags {
  const { requestedBy, reason } = recovery.request;
  return {
    ...identity(recovery, instanceId, role),
    ...(role === 'restored' ? {} : { [tagKeys.expires]: keepUntil(recovery) }),
    [tagKeys.workload]: recovery.workload,
    ...(requestedBy === undefined ? {} : { [tagKeys.requestedBy]: tagValue(requestedBy) }),
    ...(reason === undefined ? {} : { [tagKeys.reason]: tagValue(reason) }),
  };
}

/** Of a new volume: the source's own tags (the last ones left out where ours would have no room at all), and ours. */
export function restoredTags(recovery: Recovery, instanceId: string, own: Tags): Tags {
  const kept = Object.fromEntries(Object.entries(own).slice(0, ownTagLimit));
  return { ...kept, ...fitting(marks(recovery, instanceId, 'restored'), kept) };
}

/** Tags of its own that a restored volume has room for. */
export const ownTagLimit = tagLimit - 4;

/** What is added to a volume that is replaced. `present`: all tags that it has. */
export const replacedTags = (recovery: Recovery, instanceId: string, present: Tags): Tags =>
  fitting(marks(recovery, instanceId, 'replaced'), present);

/** The tags of `replacedTags` that the volume does not carry yet. */
export const missingReplacedTags = (recovery: Recovery, instanceId: string, present: Tags): Tags =>
  Object.fromEntries(
    Object.entries(replacedTags(recovery, instanceId, present)).filter(([key, value]) => present[key] !== value),
  );

/** Of a safety snapshot; `volumeTags` tell the settings of the volumes, as a backup's snapshots do. */
export const safetyTags = (recovery: Recovery, instanceId: string, volumeTags: Tags): Tags => {
  const ours = marks(recovery, instanceId, 'safety');
  return { ...fitting(volumeTags, ours), ...ours };
};

/** Every key that a recovery may have put on a volume. */
export const markKeys: readonly string[] = [
  tagKeys.stack,
  tagKeys.recovery,
  tagKeys.role,
  tagKeys.instance,
  tagKeys.expires,
  tagKeys.workload,
  tagKeys.requestedBy,
  tagKeys.reason,
];

/** The tags that a recovery may have put there, of all that a volume has. */
export const marksOf = (tags: Tags): Tags =>
  Object.fromEntries(Object.entries(tags).filter(([key]) => markKeys.includes(key)));

export const isMarkedBy = (recoveryId: string, tags: Tags): boolean => tags[tagKeys.recovery] === recoveryId;

/** As many of the added tags as the resource has room for. AWS's own tags do not count. */
function fitting(added: Tags, present: Tags): Tags {
  const kept = Object.keys(present).filter((key) => !key.startsWith('aws:') && !(key in added)).length;
  return Object.fromEntries(Object.entries(added).slice(0, Math.max(0, tagLimit - kept)));
}

/** Untrusted text as a tag's value: no control characters, bounded. */
const tagValue = (text: string): string =>
  text
    .toWellFormed()
    .replaceAll(/\p{C}+/gu, ' ')
    .slice(0, valueLength);
