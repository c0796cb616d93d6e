import type { MountedFileSystem } from './file-system.ts';
import type { Guest } from './guest.ts';
import { judgeDisks } from './inspection.ts';
import { catchUp, type Machine, mountDevice } from './machine.ts';

/** Booting and going down. */
export function powerOf(machine: Machine): Pick<Guest, 'boot' | 'shutdown' | 'powerOff' | 'reboot'> {
  return {
    boot: () => boot(machine),
    shutdown: () => goDown(machine, (each) => each.unmount()),
    powerOff: () => goDown(machine, (each) => each.lose()),
    reboot: () => {
      goDown(machine, (each) => each.unmount());
      boot(machine);
    },
  };
}

/** Mounts what fstab names and is there; without its root the machine does not come up. */
function boot(machine: Machine): void {
  const { options, disks, mounted, found } = machine;
  const nowMs = options.clock.nowMs();
  machine.caughtUpMs = nowMs;
  for (const { name, ...judgement } of judgeDisks(machine, disks)) {
    found.set(name, judgement);
  }
  for (const [device, mountPoint] of Object.entries(options.mounts)) {
    mountDevice(machine, device, mountPoint);
  }
  machine.state = mounted.has(options.rootDevice) ? 'up' : 'failed';
  for (const application of machine.state === 'up' ? machine.applications : []) {
    application.start(nowMs);
  }
}

function goDown(machine: Machine, end: (fileSystem: MountedFileSystem) => void): void {
  catchUp(machine);
  for (const application of machine.applications) {
    application.stop();
  }
  for (const fileSystem of machine.mounted.values()) {
    end(fileSystem);
  }
  for (const cancel of machine.timers) {
    cancel();
  }
  machine.mounted.clear();
  machine.memory.clear();
  machine.timers.clear();
  machine.bootCount += 1;
  machine.state = 'off';
}
