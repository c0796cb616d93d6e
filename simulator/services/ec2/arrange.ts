import type { Ec2Context } from './context.ts';
import { beginStop, terminate } from './instance-lifecycle.ts';
import { imageOf, instanceOf } from './lookup.ts';
import { completeNow } from './snapshot-completion.ts';

/** Misfortunes that AWS deals out asynchronously; refusals of single calls are the gateway's faults. */
export interface Arrange {
  /** The volume's next snapshot ends in `error`, and with it its set. */
  snapshotFails(volumeId: string): void;
  /** The volume's next snapshot stays pending. */
  snapshotNeverEnds(volumeId: string): void;
  /** The snapshot's next copy that is made in this Region ends in `error`. */
  copyFails(snapshotId: string): void;
  /** The snapshot's next copy that is made in this Region stays pending. */
  copyNeverEnds(snapshotId: string): void;
  /** A pending snapshot completes now after all. */
  snapshotEnds(snapshotId: string): void;
  /** Detaching hangs (`busy`, or `detaching` when stopped) until forced. */
  detachHangs(volumeId: string): void;
  /** The next attachment stays `attaching`. */
  attachHangs(volumeId: string): void;
  /** The guest does not shut down when told to: the instance stays `stopping` until a stop with Force. */
  stopHangs(instanceId: string): void;
  /** So many StartInstances calls find no capacity. */
  startFailsForCapacity(instanceId: string, times: number): void;
  /** So many of the next created volumes vanish from `creating`, as with an unusable key. Default 1. */
  volumeVanishes(times?: number): void;
  /** So many of the next created volumes stay in `creating`. Default 1. */
  volumeStaysCreating(times?: number): void;
  /** Auto Scaling (or anybody) terminates the instance now. */
  instanceTerminated(instanceId: string): void;
  /** Status checks turn impaired, or back. */
  statusChecksFail(instanceId: string, failing?: boolean): void;
  /** EC2 interrupts a Spot instance by stopping it; with its root gone when EC2 would start it again, it is terminated. */
  spotInterrupted(instanceId: string): void;
  /** The SSM agent is away from now on; `agentOnline` brings it back. */
  agentOffline(instanceId: string): void;
  agentOnline(instanceId: string): void;
  /** A zone fails: no volumes, no starts, impaired instances, until `zoneRecovers`. */
  zoneOutage(zone: string): void;
  zoneRecovers(zone: string): void;
  /** An AMI now uses the snapshot. */
  snapshotUsedByImage(snapshotId: string, imageId: string): void;
  /** Another account may launch the image from now on, or nobody beside its owner. */
  imageSharedWith(imageId: string, accounts: readonly string[]): void;
  /** A launch template's default version launches the image. */
  imageUsedByTemplate(imageId: string, name: string): void;
  /** Deregistration protection, on or off. */
  imageProtected(imageId: string, isProtected: boolean): void;
}

const SPOT_RESTART_MS = 600_000;

export function createArrange(context: Ec2Context): Arrange {
  const { arranged } = context;
  return {
    snapshotFails: (volumeId) => void arranged.failingSnapshots.add(volumeId),
    snapshotNeverEnds: (volumeId) => void arranged.endlessSnapshots.add(volumeId),
    copyFails: (snapshotId) => void arranged.failingSnapshots.add(snapshotId),
    copyNeverEnds: (snapshotId) => void arranged.endlessSnapshots.add(snapshotId),
    snapshotEnds: (snapshotId) => {
      const snapshot = context.snapshots.get(snapshotId);
      if (snapshot) completeNow(context, snapshot);
    },
    detachHangs: (volumeId) => void arranged.hangingDetaches.add(volumeId),
    attachHangs: (volumeId) => void arranged.hangingAttaches.add(volumeId),
    stopHangs: (instanceId) => void arranged.hangingStops.add(instanceId),
    startFailsForCapacity: (instanceId, times) => void arranged.starvedStarts.set(instanceId, times),
    volumeVanishes: (times = 1) => {
      arranged.vanishingVolumes += times;
    },
    volumeStaysCreating: (times = 1) => {
      arranged.endlessVolumes += times;
    },
    instanceTerminated: (instanceId) =>
      terminate(context, instanceOf(context, instanceId), 'Client.UserInitiatedShutdown'),
    statusChecksFail: (instanceId, failing = true) => {
      instanceOf(context, instanceId).statusImpaired = failing;
    },
    spotInterrupted: (instanceId) => interruptSpot(context, instanceId),
    agentOffline: (instanceId) => {
      instanceOf(context, instanceId).agent = 'offline';
    },
    agentOnline: (instanceId) => {
      instanceOf(context, instanceId).agent = 'online';
    },
    zoneOutage: (zone) => void arranged.zonesDown.add(zone),
    zoneRecovers: (zone) => void arranged.zonesDown.delete(zone),
    snapshotUsedByImage: (snapshotId, imageId) => {
      const snapshot = context.snapshots.get(snapshotId);
      if (snapshot) {
        snapshot.usedByImage = imageId;
      }
    },
    imageSharedWith: (imageId, accounts) => {
      imageOf(context, imageId).sharedWith = accounts;
    },
    imageUsedByTemplate: (imageId, name) => void context.launchTemplates.push({ name, imageId }),
    imageProtected: (imageId, isProtected) => {
      imageOf(context, imageId).isProtected = isProtected;
    },
  };
}

/** EC2 User Guide, "Spot Instance interruptions": a stopped one with its root detached is terminated when EC2 tries to start it. */
function interruptSpot(context: Ec2Context, instanceId: string): void {
  const instance = instanceOf(context, instanceId);
  beginStop(context, instance, false);
  context.clock.at(context.clock.nowMs() + SPOT_RESTART_MS, () => {
    if (instance.state === 'stopped' && !instance.mappings.has(instance.rootDevice)) {
      terminate(context, instance, 'Server.SpotInstanceTermination');
    }
  });
}
