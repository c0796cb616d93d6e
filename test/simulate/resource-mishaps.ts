/** What EC2 and guests do wrong later, after a call was accepted. */
import { minuteMs, type Stage } from '../scenario/stage.ts';
import type { Mishap } from './mishap.ts';
import { type Moment, whenIn } from './moment.ts';
import { livingSnapshots } from './outcome.ts';
import type { Recording, StatePoint } from './recording.ts';
import type { Scenario } from './scenario.ts';

type Act = (stage: Stage, scenario: Scenario) => void;

const volumeAt = (stage: Stage, { instanceId }: Scenario, device: string) =>
  stage.services.ec2.world.volumeAt(instanceId, device).id;
const letterOf = (device: string) => device.slice(-1);

/** From the beginning. */
const standing = (name: string, act: Act): Mishap => ({
  id: `resource:${name}`,
  group: 'resources',
  arm: (stage, scenario) => {
    act(stage, scenario);
    return { hasHappened: () => true, disarm: () => undefined };
  },
});

const inState = (name: string, moment: Moment, act: Act): Mishap => ({
  id: `resource:${name}:${moment.state}`,
  group: 'resources',
  arm: (stage, scenario) => whenIn(stage, scenario, moment, () => act(stage, scenario)),
});

/** In the middle of each state. */
const throughout = (states: readonly StatePoint[], name: string, act: Act): readonly Mishap[] =>
  states.map(({ state, durationMs }) => inState(name, { state, afterMs: Math.round(durationMs / 2) }, act));

/** The agent is away for most of an hour. */
const agentAway: Act = ({ services: { ec2 }, clock }, { instanceId }) => {
  ec2.arrange.agentOffline(instanceId);
  clock.at(clock.nowMs() + 40 * minuteMs, () => ec2.arrange.agentOnline(instanceId));
};
const terminated: Act = ({ services: { ec2 } }, { instanceId }) => ec2.arrange.instanceTerminated(instanceId);

const deleteOneSnapshot: Act = (stage) => {
  const [first] = livingSnapshots(stage, 'backup');
  if (first) byHand(stage, 'DeleteSnapshot', { SnapshotId: first.id });
};

/** Somebody else's call. */
function byHand(stage: Stage, operation: string, input: object): void {
  const caller = { kind: 'operator', arn: 'arn:aws:iam::111122223333:user/somebody', name: 'somebody' } as const;
  void stage.gateway.perform({ caller, service: 'ec2', operation, input }).catch(() => undefined);
}

const stopByHand: Act = (stage, { instanceId }) => byHand(stage, 'StopInstances', { InstanceIds: [instanceId] });

const serviceMishaps = ({ misfortunes, machine }: Scenario): readonly Mishap[] =>
  (misfortunes?.[machine] ?? []).map(({ name, state, arrange }) =>
    state === undefined ? standing(name, arrange) : inState(name, { state, afterMs: 0 }, arrange),
  );

/** Of a night that takes snapshots and closes its window. */
const snapshotMishaps = (scenario: Scenario): readonly Mishap[] => [
  ...scenario.devices.flatMap((device) => [
    standing(`snapshot-fails:${letterOf(device)}`, (stage) =>
      stage.services.ec2.arrange.snapshotFails(volumeAt(stage, scenario, device)),
    ),
    standing(`snapshot-never-ends:${letterOf(device)}`, (stage) =>
      stage.services.ec2.arrange.snapshotNeverEnds(volumeAt(stage, scenario, device)),
    ),
  ]),
  ...serviceMishaps(scenario),
  ...(scenario.devices.length === 0
    ? []
    : [inState('snapshot-deleted', { state: 'Release', afterMs: 0 }, deleteOneSnapshot)]),
];

type Resources = (scenario: Scenario, states: readonly StatePoint[], recording: Recording) => readonly Mishap[];

/** @param states those of which no earlier scenario has told */
export const nightResources: Resources = (scenario, states, recording) => [
  ...(recording.states.some(({ state }) => state === 'Release') ? snapshotMishaps(scenario) : []),
  ...(scenario.hasBackupPlan || scenario.copiesTo !== undefined ? serviceMishaps(scenario) : []),
  ...throughout(states, 'agent-away', agentAway),
  ...throughout(states, 'stopped-by-hand', stopByHand),
  ...throughout(states, 'terminated', terminated),
];

/** Restored volumes hang when they are attached: all that exist by then. */
const attachHangs: Act = ({ services: { ec2 } }) => {
  for (const { id, tags } of ec2.world.volumes.values()) {
    if (tags.get('holdfast:role') === 'restored') ec2.arrange.attachHangs(id);
  }
};

/** Somebody puts the instance into an Auto Scaling group, which replaces what is not running. */
const joinsGroup: Act = ({ services: { ec2 } }, { instanceId }) => {
  Object.assign(ec2.world.instance(instanceId).spec, { autoScalingGroup: 'fleet' });
};

/** Between the last thing that is verified and the commit's own look. */
const stopOnceVerified =
  (verify: string): Act =>
  (stage, scenario) =>
    stage.services.ec2.world.guest(scenario.instanceId).installProgram(verify, () => {
      stopByHand(stage, scenario);
      return 0;
    });

const applicationBroken =
  (verify: string): Act =>
  ({ services: { ec2 } }, { instanceId }) =>
    ec2.world.guest(instanceId).installProgram(verify, () => ({ exitCode: 3, stdout: '', stderr: 'no rows' }));

const verificationMishaps = ({ verify }: Scenario): readonly Mishap[] =>
  verify === undefined
    ? []
    : [
        standing('application-broken', applicationBroken(verify)),
        standing('stopped-by-hand:verified', stopOnceVerified(verify)),
      ];

/** The zone is out for an hour. */
const zoneOutage: Act = ({ services: { ec2 }, clock }, { instanceId }) => {
  const { availabilityZone } = ec2.world.instance(instanceId);
  ec2.arrange.zoneOutage(availabilityZone);
  clock.at(clock.nowMs() + 60 * minuteMs, () => ec2.arrange.zoneRecovers(availabilityZone));
};

/** Of the instance, and of volumes that are attached to it. */
const volumeMishaps = (scenario: Scenario, states: readonly StatePoint[]): readonly Mishap[] => [
  ...[1, 2, 1000].map((times) =>
    standing(`volumes-vanish:${times}`, ({ services: { ec2 } }) => ec2.arrange.volumeVanishes(times)),
  ),
  ...[20, 200, 100_000].map((times) =>
    standing(`no-capacity:${times}`, ({ services: { ec2 } }) =>
      ec2.arrange.startFailsForCapacity(scenario.instanceId, times),
    ),
  ),
  ...scenario.devices.map((device) =>
    standing(`detach-hangs:${letterOf(device)}`, (stage) =>
      stage.services.ec2.arrange.detachHangs(volumeAt(stage, scenario, device)),
    ),
  ),
  standing('stop-hangs', ({ services: { ec2 } }, { instanceId }) => ec2.arrange.stopHangs(instanceId)),
  standing('volume-stays-creating', ({ services: { ec2 } }) => ec2.arrange.volumeStaysCreating(1)),
  ...throughout(states, 'joins-group', joinsGroup),
  inState('attach-hangs', { state: 'StopInstance', afterMs: 0 }, attachHangs),
  standing('status-checks-fail', ({ services: { ec2 } }) => ec2.arrange.statusChecksFail(scenario.instanceId)),
  ...verificationMishaps(scenario),
];

export const recoveryResources: Resources = (scenario, states) => [
  ...serviceMishaps(scenario),
  ...(scenario.devices.length === 0 ? [] : volumeMishaps(scenario, states)),
  ...throughout(states, 'agent-away', agentAway),
  ...throughout(states, 'terminated', terminated),
  ...throughout(states, 'zone-outage', zoneOutage),
  ...throughout(states, 'stopped-by-hand', stopByHand),
];
