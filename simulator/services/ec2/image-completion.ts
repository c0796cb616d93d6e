import type { Ec2Context } from './context.ts';
import { emitImage } from './events.ts';
import type { SnapshotRecord } from './records.ts';

/** One of an image's snapshots has ended: the image is available with its last, and fails with the first that failed. */
export function completeImage(context: Ec2Context, { id, usedByImage }: SnapshotRecord): void {
  const image = context.images.get(usedByImage ?? '');
  if (image?.state !== 'pending') return;
  const snapshots = [...image.snapshotIds.values()].map((each) => context.snapshots.get(each));
  if (snapshots.some((each) => each?.state === 'error')) {
    image.state = 'failed';
    image.problem = `Client.InternalError: Snapshot ${id} failed.`;
    emitImage(context, image);
    return;
  }
  if (snapshots.length < image.devices.length || snapshots.some((each) => each?.state !== 'completed')) return;
  context.clock.at(context.clock.nowMs() + context.durations.take('registerImage'), () => {
    image.state = 'available';
    emitImage(context, image);
  });
}
