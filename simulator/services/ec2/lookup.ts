import type { Ec2Context } from './context.ts';
import type { ImageRecord, InstanceRecord, SnapshotRecord, VolumeRecord } from './records.ts';
import { malformed, missingParameter, notFound } from './refusals.ts';

const PREFIXES = { instance: 'i', volume: 'vol', snapshot: 'snap', image: 'ami' } as const;

/** Refuses an id that AWS would not even look up. */
function checkForm(kind: keyof typeof PREFIXES, id: string | undefined): string {
  if (id === undefined || id === '') {
    throw missingParameter(`${kind}Id`);
  }
  if (!new RegExp(`^${PREFIXES[kind]}-([0-9a-f]{8}|[0-9a-f]{17})$`).test(id)) {
    throw malformed(kind, id);
  }
  return id;
}

/** Is the resource there for other calls, or is its creation (or deletion) still spreading? EC2 API, "Eventual consistency". */
export function isVisible(
  context: Ec2Context,
  record: { visibleAtMs: number; goneAtMs?: number | undefined },
): boolean {
  const nowMs = context.clock.nowMs();
  return nowMs >= record.visibleAtMs && nowMs < (record.goneAtMs ?? Number.POSITIVE_INFINITY);
}

export function instanceOf(context: Ec2Context, id: string | undefined): InstanceRecord {
  const instance = context.instances.get(id ?? '');
  if (!instance) {
    throw notFound('instance', [checkForm('instance', id)]);
  }
  return instance;
}

export function volumeOf(context: Ec2Context, id: string | undefined): VolumeRecord {
  const volume = context.volumes.get(id ?? '');
  if (!volume || !isVisible(context, volume)) {
    throw notFound('volume', [checkForm('volume', id)]);
  }
  return volume;
}

export function snapshotOf(context: Ec2Context, id: string | undefined): SnapshotRecord {
  const snapshot = context.snapshots.get(id ?? '');
  if (!snapshot || !isVisible(context, snapshot)) {
    throw notFound('snapshot', [checkForm('snapshot', id)]);
  }
  return snapshot;
}

export function imageOf(context: Ec2Context, id: string | undefined): ImageRecord {
  const image = context.images.get(id ?? '');
  if (!image || !isVisible(context, image)) {
    throw notFound('image', [checkForm('image', id)]);
  }
  return image;
}

/** All ids or none: refuses with the ids that are not there. */
export function checkAllFound(
  kind: keyof typeof PREFIXES,
  ids: readonly string[],
  found: readonly { id: string }[],
): void {
  const known = new Set(found.map((each) => each.id));
  const missing = ids.filter((id) => !known.has(id));
  if (missing.length > 0) {
    throw notFound(
      kind,
      missing.map((id) => checkForm(kind, id)),
    );
  }
}
