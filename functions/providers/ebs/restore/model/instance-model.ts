/** A tiny EC2 for the tests of the pure decisions: one instance, some volumes, and what the actions do to them. */
import type { Recovery } from '#domain/recovery.ts';
import type { EbsDetail } from '../../detail.ts';
import type { Action } from '../action.ts';
import type { RestoreDetail, Swap } from '../restore-detail.ts';
import type { VolumeView, World } from '../world.ts';

export const instanceId = 'i-0123456789abcdef0';

export const settings = (volumeId: string, device: string, changes: Partial<EbsDetail> = {}): EbsDetail => ({
  instanceId,
  volumeId,
  device,
  root: false,
  availabilityZone: 'eu-west-1a',
  type: 'gp3',
  sizeGib: 100,
  iops: 3000,
  throughput: 125,
  encrypted: false,
  deleteOnTermination: false,
  tags: { Name: 'data' },
  ...changes,
});

export const swap = (name: string, changes: Partial<Swap> = {}): Swap => {
  const device = `/dev/sd${name}`;
  return {
    device,
    snapshotId: `snap-${name}`,
    settings: settings(`vol-source-${name}`, device),
    deleteOnTermination: true,
    original: { ...settings(`vol-old-${name}`, device, { deleteOnTermination: true }), marks: {} },
    restored: { volumeId: `vol-new-${name}`, askedAt: '2026-01-01T03:00:00.000Z' },
    ...changes,
  };
};

export const detailOf = (swaps: readonly Swap[], wasRunning = true): RestoreDetail => ({
  instanceId,
  availabilityZone: 'eu-west-1a',
  wasRunning,
  swaps,
  excludeBootVolume: true,
  excludeDataVolumeIds: [],
});

export const recovery: Recovery = {
  id: 'rec-1',
  workload: 'appliance',
  request: { workload: 'appliance', requestedBy: 'Ada', reason: 'ransomware' },
  pointId: 'appliance-20260101T030000Z',
  startedAt: '2026-01-01T03:00:00.000Z',
  state: 'planned',
  plan: { targets: [], safetySnapshot: true, keepReplacedDays: 7, calls: [], warnings: [] },
  phases: [],
};

export interface Model {
  state: string;
  readonly volumes: Map<string, VolumeModel>;
}

export interface VolumeModel {
  /** Device of the instance, while attached or on the way. */
  device?: string;
  moving?: 'attaching' | 'detaching';
  deleteOnTermination: boolean;
  tags: Record<string, string>;
}

export const free = (tags: Record<string, string> = {}): VolumeModel => ({ deleteOnTermination: false, tags });
export const under = (
  device: string,
  deleteOnTermination: boolean,
  tags: Record<string, string> = {},
): VolumeModel => ({
  device,
  deleteOnTermination,
  tags,
});

/** Before a recovery has touched anything: originals attached, new volumes made. */
export function untouched({ swaps, wasRunning }: RestoreDetail): Model {
  const volumes = new Map<string, VolumeModel>();
  for (const { device, original, restored } of swaps) {
    if (original)
      volumes.set(
        original.volumeId,
        under(device, original.deleteOnTermination, { ...original.tags, ...original.marks }),
      );
    if (restored) volumes.set(restored.volumeId, free());
  }
  return { state: wasRunning ? 'running' : 'stopped', volumes };
}

export function view({ state, volumes }: Model): World {
  const attached = [...volumes].filter(([, volume]) => volume.device !== undefined && volume.moving !== 'attaching');
  return {
    state,
    devices: new Map(
      attached.map(([volumeId, { device = '', deleteOnTermination }]) => [
        device,
        { volumeId, status: 'attached', deleteOnTermination },
      ]),
    ),
    volumes: new Map([...volumes].map(([id, volume]) => [id, viewOf(volume)])),
  };
}

const viewOf = ({ device, moving, tags }: VolumeModel): VolumeView => ({
  state: device === undefined ? 'available' : 'in-use',
  ...(device === undefined ? {} : { attachment: { instanceId, device, state: moving ?? 'attached' } }),
  tags,
});

/** What EC2 would do; throws what EC2 would refuse for good. */
export function apply(model: Model, action: Action): void {
  const volumeId = 'volumeId' in action ? action.volumeId : 'resourceId' in action ? action.resourceId : undefined;
  const volume = model.volumes.get(volumeId ?? '');
  if (volumeId !== undefined && volume === undefined) throw new Error(`no volume ${volumeId}`);
  if (action.kind === 'stop') model.state = 'stopping';
  if (action.kind === 'start') model.state = 'pending';
  if (action.kind === 'tag' && volume) volume.tags = { ...volume.tags, ...action.tags };
  if (action.kind === 'untag' && volume) {
    volume.tags = Object.fromEntries(Object.entries(volume.tags).filter(([key]) => !action.keys.includes(key)));
  }
  if (action.kind === 'detach' && volume) {
    if (model.state !== 'stopped') throw new Error(`detached while ${model.state}`);
    if (volume.device === undefined) throw new Error(`${action.volumeId} is not attached`);
    volume.moving = 'detaching';
  }
  if (action.kind === 'attach' && volume) attach(model, volume, action.device);
  if (action.kind === 'keep-setting') {
    for (const { device, deleteOnTermination } of action.settings) {
      const there = [...model.volumes.values()].find((each) => each.device === device);
      if (there === undefined) throw new Error(`nothing under ${device}`);
      there.deleteOnTermination = deleteOnTermination;
    }
  }
}

function attach(model: Model, volume: VolumeModel, device: string): void {
  if (model.state !== 'stopped') throw new Error(`attached while ${model.state}`);
  if (volume.device !== undefined) throw new Error('attached twice');
  if ([...model.volumes.values()].some((other) => other.device === device)) throw new Error(`${device} is in use`);
  volume.device = device;
  volume.moving = 'attaching';
  volume.deleteOnTermination = false;
}

/** Time passes: what was on its way arrives. */
export function settle(model: Model): void {
  if (model.state === 'stopping') model.state = 'stopped';
  if (model.state === 'pending') model.state = 'running';
  for (const volume of model.volumes.values()) {
    if (volume.moving === 'detaching') delete volume.device;
    delete volume.moving;
  }
}
