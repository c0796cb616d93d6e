import type { Application } from './application.ts';
import type { Disk } from './disk.ts';
import type { ApplicationReport, Guest } from './guest.ts';
import { type Judgement, judgeApplication } from './judge-application.ts';
import { catchUp, locateByFstab, type Machine, placeIn } from './machine.ts';

/** What can be seen of a guest from outside. */
export function inspectionOf(machine: Machine): Pick<Guest, 'inspect' | 'stillness' | 'judge'> {
  return {
    inspect: () => {
      catchUp(machine);
      const mounts = [...machine.mounted.values()].map((each) => ({
        device: each.device,
        mountPoint: each.mountPoint,
        frozen: each.isFrozen(),
        foundJournal: each.foundJournal,
      }));
      const applications = machine.applications.map((each) => report(machine, each));
      return { state: machine.state, mounts, applications };
    },
    stillness: () => ({
      frozen: [...machine.mounted.values()].some((each) => each.isFrozen()),
      held: machine.applications.some((each) => each.status() === 'held'),
    }),
    judge: (disks) => judgeDisks(machine, disks),
  };
}

/** Every application of the machine, judged from the content of these disks. */
export function judgeDisks(
  machine: Machine,
  disks: ReadonlyMap<string, Disk>,
): readonly (Judgement & { readonly name: string })[] {
  const locate = locateByFstab(machine.options.mounts, disks);
  return machine.applications.map(({ spec }) => ({ name: spec.name, ...judgeApplication(spec, locate) }));
}

function report(machine: Machine, application: Application): ApplicationReport {
  const { spec } = application;
  const isBlocked = application.status() === 'running' && application.nextAtMs() === undefined;
  return {
    name: spec.name,
    status: isBlocked ? 'blocked' : application.status(),
    found: machine.found.get(spec.name),
    current: spec.files.map((path) => {
      const place = placeIn(machine.mounted, path);
      return place?.fileSystem.read(place.path);
    }),
  };
}
