import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { TestGuest } from './test-guest.ts';

/**
 * Not systemd: no machine that tests run on is sure to have it as its first process. A scripted `systemctl` that keeps units as folders
 * and their properties as files, and knows of `show`, `stop` and `start` as much as the services hook uses. As with the real one, a
 * stop goes on when its client is killed, and a start takes it back.
 */
export interface ScriptedSystemctl {
  /** Puts down a unit. @param properties such as ActiveState, Names, TriggeredBy; by default it is loaded and runs */
  unit(name: string, properties?: Readonly<Record<string, string>>): void;
  /** Its ActiveState. */
  state(name: string): string;
  /** Sets what the next commands on the unit do: take so many seconds to stop, fail to start. */
  make(name: string, behaviour: 'slow-to-stop' | 'deaf-to-stop' | 'unable-to-start', value: string): void;
  /** Which `stop` and `start` commands there were, in order. */
  calls(): readonly string[];
}

const program = (units: string) => `#!/bin/sh
verb=$1
shift
case $1 in --property=*) property=\${1#--property=}; shift ;; esac
[ "$1" = -- ] && shift
unit=${units}/$1
read_property() { cat "$unit/$1" 2>/dev/null; }
[ "$verb" = show ] || echo "$verb $1" >>${units}/calls
case $verb in
  show)
    if [ -d "$unit" ]; then value=$(read_property "$property"); else
      case $property in LoadState) value=not-found ;; ActiveState) value=inactive ;; *) value= ;; esac
    fi
    echo "$property=$value" ;;
  stop)
    [ -e "$unit/deaf-to-stop" ] && exit 0
    echo deactivating >"$unit/ActiveState"
    sleep "$(read_property slow-to-stop || echo 0)"
    [ "$(read_property ActiveState)" != deactivating ] || echo inactive >"$unit/ActiveState" ;;
  start)
    [ -n "$(read_property unable-to-start)" ] && { echo "Job for $1 failed." >&2; exit 1; }
    [ "$(read_property ActiveState)" = active ] && exit 0
    echo "$(date +%s%N)" >"$unit/InvocationID"
    echo active >"$unit/ActiveState" ;;
  *) exit 2 ;;
esac
`;

/** Installs it before the system's own. */
export function scriptedSystemctl(guest: TestGuest): ScriptedSystemctl {
  const units = join(guest.scripts, 'units');
  mkdirSync(units);
  writeFileSync(join(units, 'calls'), '');
  guest.install(join(guest.programs, 'systemctl'), program(units));
  const write = (unit: string, name: string, value: string) => writeFileSync(join(units, unit, name), `${value}\n`);
  return {
    unit: (name, properties = {}) => {
      mkdirSync(join(units, name), { recursive: true });
      const all = { LoadState: 'loaded', ActiveState: 'active', Names: name, InvocationID: 'first', ...properties };
      for (const [property, value] of Object.entries(all)) write(name, property, value);
    },
    state: (name) => readFileSync(join(units, name, 'ActiveState'), 'utf8').trim(),
    make: write,
    calls: () => readFileSync(join(units, 'calls'), 'utf8').split('\n').filter(Boolean),
  };
}
