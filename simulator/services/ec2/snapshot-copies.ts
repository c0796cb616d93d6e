import type { CopySnapshotRequest, CopySnapshotResult } from '@aws-sdk/client-ec2';
import { copyDisk } from '../../guest/disk.ts';
import { ApiError } from '../../kernel/service.ts';
import type { Ec2Context } from './context.ts';
import { emitSnapshotCopy } from './events.ts';
import { defaultKeyArn, keyArn, keyFailure } from './keys.ts';
import { snapshotOf } from './lookup.ts';
import type { SnapshotRecord } from './records.ts';
import { incorrectState, invalidCombination, invalidValue } from './refusals.ts';
import { checkTagCount, specifiedTags, tagList } from './tags.ts';

/** What every copy says that it is of. */
const noVolume = 'vol-ffffffff';

/**
 * CopySnapshot, asked in the Region that the copy shall be in. It knows no client token: asked twice it makes two copies (EC2 API
 * CopySnapshot; EBS User Guide, "Copy an Amazon EBS snapshot").
 */
export function copySnapshot(context: Ec2Context, input: CopySnapshotRequest): CopySnapshotResult {
  const source = sourceOf(context, input);
  if (source.state !== 'completed') throw incorrectState(`The snapshot ${source.id} is ${source.state}.`);
  if (input.KmsKeyId !== undefined && input.Encrypted !== true) {
    throw invalidCombination('The parameter KmsKeyId requires the parameter Encrypted to be set.');
  }
  const tags = specifiedTags(input.TagSpecifications, 'snapshot');
  checkTagCount(tags, context.limits.tagsPerResource);
  checkCopiesInProgress(context);
  const nowMs = context.clock.nowMs();
  const encrypted = source.encrypted || input.Encrypted === true;
  const copy: SnapshotRecord = {
    ...{ id: `snap-${context.random.hex(17)}`, volumeId: noVolume, setId: undefined },
    ...{ copiedFrom: { snapshotId: source.id, volumeId: source.volumeId }, origin: source.origin },
    ...{ startTimeMs: nowMs, sizeGib: source.sizeGib, encrypted, disk: copyDisk(source.disk) },
    kmsKeyId: encrypted ? keyArn(context, input.KmsKeyId ?? defaultKeyArn(context)) : undefined,
    ...{ description: input.Description ?? '', tags, visibleAtMs: nowMs + context.durations.take('visibility') },
    ...{ state: 'pending', completionTimeMs: undefined, deleteRequested: false, goneAtMs: undefined },
    ...{ usedByImage: undefined, completesAtMs: 0 },
  };
  const ending = { ...copy, completesAtMs: nowMs + copyingMs(context, copy) };
  context.snapshots.set(ending.id, ending);
  scheduleEnd(context, ending);
  return { SnapshotId: ending.id, Tags: tagList(tags) };
}

function sourceOf(context: Ec2Context, { SourceRegion, SourceSnapshotId }: CopySnapshotRequest): SnapshotRecord {
  const region = context.elsewhere(SourceRegion ?? '');
  if (region === undefined) throw invalidValue(`Invalid source region: ${SourceRegion}`);
  return snapshotOf(region, SourceSnapshotId);
}

function checkCopiesInProgress(context: Ec2Context): void {
  const { copiesInProgress } = context.limits;
  const copies = [...context.snapshots.values()].filter(({ copiedFrom, state }) => copiedFrom && state === 'pending');
  if (copies.length < copiesInProgress) return;
  const message = `Too many snapshot copies in progress. The limit is ${copiesInProgress} for this destination region.`;
  throw new ApiError('ResourceLimitExceeded', message);
}

/** The first copy of a volume's snapshots under a key has all that is used (a third, say); later ones what changed since. */
function copyingMs(context: Ec2Context, copy: SnapshotRecord): number {
  const earlier = [...context.snapshots.values()].filter(
    ({ copiedFrom, state, kmsKeyId }) =>
      copiedFrom?.volumeId === copy.copiedFrom?.volumeId && state === 'completed' && kmsKeyId === copy.kmsKeyId,
  );
  const lastMs = Math.max(...earlier.map(({ startTimeMs }) => startTimeMs));
  const changed = ((copy.startTimeMs - lastMs) / 86_400_000) * context.changedSharePerDay;
  const { durations } = context;
  const copiedGib = copy.sizeGib * Math.min(1 / 3, changed);
  return Math.round(durations.take('completeSnapshot') + copiedGib * durations.take('completeSnapshotPerGib'));
}

/** A key that cannot be used is told by the copy's end alone (EBS User Guide, "Copy an Amazon EBS snapshot"). */
function scheduleEnd(context: Ec2Context, copy: SnapshotRecord): void {
  const { failingSnapshots, endlessSnapshots } = context.arranged;
  const source = copy.copiedFrom?.snapshotId ?? '';
  if (endlessSnapshots.delete(source)) return;
  const isArranged = failingSnapshots.delete(source);
  context.clock.at(copy.completesAtMs, () => {
    if (copy.state !== 'pending') return;
    const failure = isArranged ? 'An internal error occurred.' : keyProblem(context, copy);
    copy.state = failure === undefined ? 'completed' : 'error';
    if (failure === undefined) copy.completionTimeMs = context.clock.nowMs();
    else copy.stateMessage = failure;
    if (copy.deleteRequested) copy.goneAtMs = context.clock.nowMs();
    else emitSnapshotCopy(context, copy);
  });
}

const keyProblem = (context: Ec2Context, copy: SnapshotRecord): string | undefined =>
  copy.encrypted && keyFailure(context, copy) !== undefined ? 'Given key ID is not accessible' : undefined;
