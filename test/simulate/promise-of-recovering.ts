/** A recovery ends committed, or with the instance as it was found, or with a mail that says exactly what is where. */
import type { Mail } from '#simulator/services/sns/sns.ts';
import type { Stage } from '../scenario/stage.ts';
import { failuresAddress } from '../scenario/stage.ts';
import { handedOverMs } from './handover.ts';
import { endingOf, isManagedLine, managedResources, portraitOf } from './portrait.ts';
import type { Scene } from './scene.ts';

export type Fate = 'committed' | 'undone' | 'stranded';

/** As EC2 shows it, unless a mail says that a person has to look. */
export function fateOf(scene: Scene): Fate {
  const { stage, scenario, before } = scene;
  if (strandedMail(scene) !== undefined) return 'stranded';
  const now = portraitOf(stage, scenario.instanceId);
  if (now === before) return 'undone';
  const isRestored = now.startsWith('running\n') && isOnRestored(scene, now);
  return isRestored || wasHandedOver(scene) ? 'committed' : 'stranded';
}

/** It ran on the restored volumes, and stopped only once it was no longer the recovery's. */
const wasHandedOver = (scene: Scene): boolean =>
  scene.witness.stops.some(
    ({ timeMs, portrait }) => timeMs >= handedOverMs(scene.stage) && isOnRestored(scene, portrait),
  );

const strandedMail = ({ stage, fromMs }: Scene): Mail | undefined =>
  stage.inbox(failuresAddress).findLast(({ subject, timeMs }) => timeMs >= fromMs && subject.includes('STRANDED'));

/** A person is only called where what keeps the roll back from its end is more than one call that went wrong before it. */
const mayStrand = ({ scenario, mishaps }: Scene): boolean =>
  scenario.denies !== undefined || mishaps.some(({ id }) => /^(resource:|RollBack:.*:denied$)/.test(id));

/** In this portrait, under each device that a snapshot is of there is a volume that the recovery made. */
function isOnRestored({ stage, scenario, before, recovery }: Scene, portrait: string): boolean {
  const { rootDevice } = stage.services.ec2.world.instance(scenario.instanceId);
  const [, ...lines] = portrait.split('\n');
  const managed = lines.filter(isManagedLine);
  const devices = lines.filter((line) => !isManagedLine(line));
  const isOurs = (line: string) =>
    (line.includes(`holdfast:recovery=${recovery},`) && line.includes('holdfast:role=restored,')) ||
    (line.startsWith('indices ') && endingOf(line.split(' ')[1] ?? '') !== undefined);
  // Where no volume is backed up none is restored.
  const data = scenario.devices.length === 0 ? [] : devices.filter((line) => !line.startsWith(`${rootDevice} `));
  return (
    lines.length === before.split('\n').length - 1 &&
    data.every((line) => line.includes(' attached ') && isOurs(line)) &&
    managed.every((line) => line.includes(' available ') && isOurs(line))
  );
}

export function brokenRecovery(scene: Scene): readonly string[] {
  if (scene.scenario.machine !== 'recover') return [];
  const running = scene.stage.services.states.executions().filter(({ status }) => status === 'RUNNING');
  return [
    ...running.map(({ name }) => `the execution ${name} still runs`),
    ...(fateOf(scene) === 'stranded' ? brokenLeftovers(scene) : []),
    ...(fateOf(scene) === 'stranded' && !mayStrand(scene) ? ['a person was called for what could be undone'] : []),
    ...brokenSubject(scene),
    ...volumesGone(scene),
    ...notCleanedUp(scene),
    ...untoldMade(scene),
    ...notAsOne(scene),
  ];
}

/** A subject says DOWN or GONE where the instance does not run, and only there: that is what decides whether somebody gets up. */
function brokenSubject(scene: Scene): readonly string[] {
  const { stage, scenario } = scene;
  const mail = strandedMail(scene);
  if (mail === undefined) return [];
  const states = machinesOf(stage, scenario.instanceId).map(({ state }) => state);
  const saysDown = / (DOWN|GONE),/.test(mail.subject);
  return saysDown === !states.includes('running')
    ? []
    : [`the instance is ${states.join(', its new one ')}, and the mail is about: ${mail.subject}`];
}

/** The instance, and those that were launched to take its place. */
const machinesOf = ({ services: { ec2 } }: Stage, instanceId: string) => [
  ec2.world.instance(instanceId),
  ...[...ec2.world.instances.values()].filter(({ clientToken }) => clientToken !== undefined),
];

/** The mail names every volume of the instance that was there and every one that was made; where no volume changes places, the machines. */
function brokenLeftovers(scene: Scene): readonly string[] {
  const { stage, before, scenario, recovery } = scene;
  const mail = strandedMail(scene);
  const now = portraitOf(stage, scenario.instanceId);
  if (mail === undefined)
    return [`neither as before nor recovered, and no mail says so:\n${before}\n-- now --\n${now}`];
  if (scenario.request?.replace === true) {
    return machinesOf(stage, scenario.instanceId).flatMap(({ id }) =>
      mail.message.includes(id) ? [] : [leavesOut(id)],
    );
  }
  const { volumes, instances } = stage.services.ec2.world;
  const root = instances.get(scenario.instanceId)?.rootDevice;
  const concerned = [...volumes.values()].filter(
    ({ id, tags, attachment }) =>
      (before.includes(id) && attachment?.device !== root && !isRootLine(before, id, root)) ||
      tags.get('holdfast:recovery') === recovery,
  );
  return concerned.filter(({ id }) => !mail.message.includes(id)).map(({ id }) => leavesOut(id));
}

const leavesOut = (id: string): string => `the mail about what is where leaves out ${id}`;

/** What is committed is clean; what is undone is as it was, files of no use included. */
function notCleanedUp(scene: Scene): readonly string[] {
  const { temporary = [], instanceId } = scene.scenario;
  if (fateOf(scene) !== 'committed') return [];
  const guest = scene.stage.services.ec2.world.guest(instanceId);
  return temporary.filter((path) => guest.read(path) !== undefined).map((path) => `${path} came back, and stays`);
}

/** What a recovery made of databases, file systems and caches stays. Where it is not in use, and nobody would guess what it is, a mail says so. */
function untoldMade(scene: Scene): readonly string[] {
  const { stage, before, scenario, fromMs } = scene;
  const now = portraitOf(stage, scenario.instanceId);
  const told = stage.inbox(failuresAddress).filter(({ timeMs }) => timeMs >= fromMs);
  const made = managedResources(stage).filter(({ id }) => !before.includes(id));
  const isTold = ({ id, name }: { readonly id: string; readonly name: string }) =>
    told.some(({ message }) => message.includes(id) || message.includes(name));
  const unused = made.filter(({ id }) => !now.includes(id));
  return [
    // What is not used must not work beside what is.
    ...unused
      .filter(({ kind, status }) => kind === 'machine' && status === 'available' && fateOf(scene) === 'undone')
      .map(({ id, name }) => `${id} (${name}) is left, and runs`),
    ...made
      .filter((each) => each.kind !== 'indices' && each.tags.get('holdfast:stack') !== 'Holdfast' && !isTold(each))
      .map(({ id, name }) => `${id} (${name}) has no tag of ours, and no mail tells of it`),
    ...unused.filter((each) => !isTold(each)).map(({ id, name }) => `${id} (${name}) is left, and no mail tells of it`),
  ];
}

/** Rows and files that are in use belong together. */
function notAsOne(scene: Scene): readonly string[] {
  const { content } = scene.scenario;
  if (content === undefined || fateOf(scene) === 'stranded') return [];
  return content.unfitting(content.inUse(scene.stage), true).map((why) => `of what is in use ${why}`);
}

const isRootLine = (before: string, id: string, root: string | undefined): boolean =>
  before.split('\n').some((line) => line.startsWith(`${root} ${id} `));

/** Nothing that was there is deleted on the way. A terminated instance takes its own volumes with it. */
function volumesGone({ stage, volumesBefore, scenario }: Scene): readonly string[] {
  const { world } = stage.services.ec2;
  if (world.instance(scenario.instanceId).state === 'terminated') return [];
  return [...volumesBefore].filter((id) => !world.volumes.has(id)).map((id) => `${id} was deleted`);
}
