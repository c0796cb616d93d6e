import { arn } from '../../iam/arn.ts';
import type { Ec2Context } from './context.ts';
import type { ImageRecord, InstanceRecord, SnapshotRecord } from './records.ts';

/** Events carry ARNs with the Region where the account belongs (EBS User Guide, "EventBridge events for EBS", samples). */
function oddArn(context: Ec2Context, resource: string): string {
  return `arn:aws:ec2::${context.kernel.regionName}:${resource}`;
}

/** EventBridge's times have no milliseconds. */
function isoTime(timeMs: number): string {
  return new Date(timeMs).toISOString().replace(/\.\d+Z$/, 'Z');
}

export function emitInstanceState(context: Ec2Context, instance: InstanceRecord): void {
  context.kernel.emit({
    source: 'aws.ec2',
    detailType: 'EC2 Instance State-change Notification',
    resources: [arn(context.kernel, 'ec2', `instance/${instance.id}`)],
    detail: { 'instance-id': instance.id, state: instance.state },
  });
}

/** There is none for detachVolume: AWS sends nothing. */
export function emitVolume(
  context: Ec2Context,
  volumeId: string,
  event: 'createVolume' | 'deleteVolume' | 'attachVolume',
  result: 'available' | 'failed' | 'deleted' | 'attached',
  failure?: { readonly cause: string; readonly keyArn: string },
): void {
  const volume = arn(context.kernel, 'ec2', `volume/${volumeId}`);
  context.kernel.emit({
    source: 'aws.ec2',
    detailType: 'EBS Volume Notification',
    resources: failure ? [volume, failure.keyArn] : [volume],
    detail: { event, result, cause: failure?.cause ?? '', 'request-id': context.random.hex(32) },
  });
}

export function emitSnapshot(context: Ec2Context, snapshot: SnapshotRecord): void {
  const snapshotArn = oddArn(context, `snapshot/${snapshot.id}`);
  context.kernel.emit({
    source: 'aws.ec2',
    detailType: 'EBS Snapshot Notification',
    resources: [snapshotArn],
    detail: {
      event: 'createSnapshot',
      result: snapshot.state === 'completed' ? 'succeeded' : 'failed',
      cause: '',
      'request-id': '',
      snapshot_id: snapshotArn,
      source: oddArn(context, `volume/${snapshot.volumeId}`),
      startTime: isoTime(snapshot.startTimeMs),
      endTime: isoTime(context.clock.nowMs()),
    },
  });
}

/** Of the Region that the copy is in. */
export function emitSnapshotCopy(context: Ec2Context, copy: SnapshotRecord): void {
  const copyArn = oddArn(context, `snapshot/${copy.id}`);
  context.kernel.emit({
    source: 'aws.ec2',
    detailType: 'EBS Snapshot Notification',
    resources: [copyArn],
    detail: {
      event: 'copySnapshot',
      result: copy.state === 'completed' ? 'succeeded' : 'failed',
      cause: copy.stateMessage ?? '',
      'request-id': '',
      snapshot_id: copyArn,
      source: oddArn(context, `snapshot/${copy.copiedFrom?.snapshotId}`),
      startTime: isoTime(copy.startTimeMs),
      endTime: isoTime(context.clock.nowMs()),
    },
  });
}

export function emitSnapshotSet(context: Ec2Context, members: readonly SnapshotRecord[]): void {
  const failed = members.find((each) => each.state === 'error');
  context.kernel.emit({
    source: 'aws.ec2',
    detailType: 'EBS Multi-Volume Snapshots Completion Status',
    resources: members.map((each) => oddArn(context, `snapshot/${each.id}`)),
    detail: {
      event: 'createSnapshots',
      result: failed ? 'failed' : 'succeeded',
      cause: failed ? `Snapshot ${failed.id} is in status error` : '',
      'request-id': '',
      startTime: isoTime(members[0]?.startTimeMs ?? context.clock.nowMs()),
      endTime: isoTime(context.clock.nowMs()),
      snapshots: members.map((each) => ({
        snapshot_id: oddArn(context, `snapshot/${each.id}`),
        source: oddArn(context, `volume/${each.volumeId}`),
        status: each.state,
      })),
    },
  });
}

export function emitImage(context: Ec2Context, { id, state, problem }: ImageRecord): void {
  context.kernel.emit({
    source: 'aws.ec2',
    detailType: 'EC2 AMI State Change',
    resources: [arn(context.kernel, 'ec2', `image/${id}`)],
    detail: { RequestId: context.random.hex(32), ImageId: id, State: state, ErrorMessage: problem ?? '' },
  });
}
