/** What somebody at the region's own terminal can do to its machines: disasters to recover from, and a look inside. */
import type { Region } from '#simulator/region.ts';

export const mischiefHelp =
  '`wipe <instance>` or `corrupt <instance>` (a data volume is lost), `fail <instance>` (its next snapshot fails), `look`, `mail`';

/** @returns what to show */
export function mischief(region: Region, line: string): string {
  const [verb = '', instance] = line.trim().split(/\s+/);
  try {
    if (verb === 'look') return look(region);
    if (verb === 'mail') return mail(region);
    if (verb === 'fail' && instance !== undefined) return failSnapshot(region, instance);
    if ((verb === 'wipe' || verb === 'corrupt') && instance !== undefined) return destroy(region, verb, instance);
    return `Type ${mischiefHelp}.`;
  } catch (error) {
    return error instanceof Error ? error.message : String(error);
  }
}

function look({ services }: Region): string {
  const lines = [...services.ec2.world.instances.values()].flatMap(({ id, tags, state, guest }) => [
    `${id} (${tags.get('Name')}) is ${state}`,
    ...guest
      .inspect()
      .applications.map(
        ({ name, status, current }) =>
          `    ${name}: ${status}, reads ${current.map((text) => shown(text)).join(' | ')}`,
      ),
  ]);
  return lines.join('\n');
}

const shown = (text: string | undefined) => (text === undefined ? 'nothing' : JSON.stringify(text));

const mail = ({ services }: Region): string => {
  const mails = services.sns
    .mails()
    .map(({ timeMs, address, subject }) => `${new Date(timeMs).toISOString()}  ${address}  ${subject}`);
  return mails.length === 0 ? 'No mail yet.' : mails.join('\n');
};

/** The first data volume: all that an application has of some of its files. */
function destroy({ services }: Region, how: 'wipe' | 'corrupt', idOrName: string): string {
  const { guest } = services.ec2.world.instance(idOrName);
  const device = firstDataDevice(services.ec2.world, idOrName);
  guest[how](device);
  return `${device} of ${idOrName} is ${how === 'wipe' ? 'wiped' : 'corrupt'}.`;
}

function failSnapshot({ services }: Region, idOrName: string): string {
  const { world, arrange } = services.ec2;
  const device = firstDataDevice(world, idOrName);
  arrange.snapshotFails(world.volumeAt(idOrName, device).id);
  return `The next snapshot of ${device} of ${idOrName} fails.`;
}

function firstDataDevice(world: Region['services']['ec2']['world'], idOrName: string): string {
  const { mappings, rootDevice } = world.instance(idOrName);
  const device = [...mappings.keys()].find((each) => each !== rootDevice);
  if (device === undefined) throw new Error(`${idOrName} has no data volume.`);
  return device;
}
