import type { Ec2Context } from './context.ts';
import { emitSnapshot, emitSnapshotSet } from './events.ts';
import { completeImage } from './image-completion.ts';
import type { SnapshotRecord } from './records.ts';

/** Lets a new snapshot complete in its time, or fail, or stay pending for ever, as was arranged for its volume. */
export function scheduleCompletion(context: Ec2Context, snapshot: SnapshotRecord): void {
  const { failingSnapshots, endlessSnapshots } = context.arranged;
  if (endlessSnapshots.delete(snapshot.volumeId)) {
    return;
  }
  const fails = failingSnapshots.delete(snapshot.volumeId);
  context.clock.at(snapshot.completesAtMs, () => {
    if (snapshot.state === 'pending') {
      finish(context, snapshot, fails ? 'error' : 'completed');
    }
  });
}

/** Ends a snapshot that would stay pending for ever. */
export function completeNow(context: Ec2Context, snapshot: SnapshotRecord): void {
  if (snapshot.state === 'pending') finish(context, snapshot, 'completed');
}

function finish(context: Ec2Context, snapshot: SnapshotRecord, state: 'completed' | 'error'): void {
  if (snapshot.setId === undefined) {
    end(context, snapshot, state);
    if (!snapshot.deleteRequested) {
      emitSnapshot(context, snapshot);
    }
    return;
  }
  const members = [...context.snapshots.values()].filter((each) => each.setId === snapshot.setId);
  if (state === 'error') {
    failTogether(context, members);
    return;
  }
  end(context, snapshot, state);
  if (context.memberSnapshotEvents && !snapshot.deleteRequested) {
    emitSnapshot(context, snapshot);
  }
  const left = members.filter((each) => !each.deleteRequested && each.goneAtMs === undefined);
  if (left.length > 0 && left.every((each) => each.state !== 'pending')) {
    emitSnapshotSet(context, left);
  }
}

/** When one member fails all turn to error, and one event tells (EBS User Guide, "Create multi-volume snapshots"). */
function failTogether(context: Ec2Context, members: readonly SnapshotRecord[]): void {
  const left = members.filter((each) => each.goneAtMs === undefined);
  for (const member of left) {
    end(context, member, 'error');
  }
  emitSnapshotSet(context, left);
}

function end(context: Ec2Context, snapshot: SnapshotRecord, state: 'completed' | 'error'): void {
  snapshot.state = state;
  snapshot.completionTimeMs = state === 'completed' ? context.clock.nowMs() : undefined;
  if (snapshot.deleteRequested) {
    snapshot.goneAtMs = context.clock.nowMs();
  }
  completeImage(context, snapshot);
}
