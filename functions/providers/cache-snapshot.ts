/** A snapshot in the words that ElastiCache and MemoryDB have in common. */
import type { Artifact } from '#domain/artifact.ts';
import type { Snapshot } from './named-snapshots.ts';
import type { Tags } from './tag-list.ts';

export interface CacheSnapshot {
  readonly id: string;
  readonly arn: string;
  /** The service's word; some say it in capitals. */
  readonly status: string;
  /** When each shard's data was obtained, as far as the service tells. */
  readonly obtained: readonly Date[];
  readonly tags?: Tags;
}

/**
 * Each shard is copied at a moment of its own, and what is written while it is copied may be in the copy, so the last moment that
 * anything in it may be from is when it is seen complete.
 */
export function seenSnapshot({ id, arn, status, obtained, tags }: CacheSnapshot): Snapshot {
  const state = stateOf(status);
  const now = new Date(Date.now()).toISOString();
  const first = obtained.map((time) => time.toISOString()).sort()[0];
  const cut = { lower: first ?? now };
  return {
    ...{ id, state, detail: { snapshotArn: arn } },
    ...(first === undefined ? {} : { startedAt: first }),
    ...(state === 'error' || state === 'gone' ? { problem: `its service reports it ${status}, without a reason` } : {}),
    cut: state === 'completed' ? { ...cut, upper: now } : cut,
    ...(tags === undefined ? {} : { tags }),
  };
}

/** One that is copied, exported or restored from is complete. */
const complete = ['available', 'copying', 'exporting', 'restoring'];

export function stateOf(status: string): Artifact['state'] {
  const word = status.toLowerCase();
  if (complete.includes(word)) return 'completed';
  if (word === 'deleting') return 'gone';
  return word.includes('fail') ? 'error' : 'pending';
}

/** A snapshot that is being made, which the cache's own state may not show: no other can begin meanwhile. */
export const underWay = (
  service: string,
  resource: string,
  names: readonly (string | undefined)[],
): { readonly busy?: string } =>
  names[0] === undefined ? {} : { busy: `${service} is making the snapshot ${names[0]} of ${resource}.` };

/** ARN of an artifact, as it was learnt when it was begun. */
export const arnOf = ({ snapshotArn }: Artifact['detail']): string =>
  typeof snapshotArn === 'string' ? snapshotArn : '';
