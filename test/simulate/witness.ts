/**
 * Watches a guest all along, from the moment in which anything in it is held: how long was it frozen or kept from working? And when
 * did its instance stop running, with what attached?
 */
import { executions, type Stage } from '../scenario/stage.ts';
import { portraitOf } from './portrait.ts';

/** One stretch of time; `toMs` is the last time at which it was seen. */
export interface Held {
  readonly what: 'frozen' | 'held';
  readonly fromMs: number;
  toMs: number;
}

/** The instance began to stop, or to be terminated. */
interface Stop {
  readonly timeMs: number;
  /** As it was just then. */
  readonly portrait: string;
}

export interface Witness {
  readonly held: readonly Held[];
  readonly stops: readonly Stop[];
  stop(): void;
}

/** While an execution runs or anything is held it looks every second, else every thirty. */
const busyMs = 1000;
const idleMs = 30_000;

/** Looks often, since nothing tells of a hold as a guest does. */
const elsewhereMs = 2000;

interface Watched {
  readonly instanceId: string;
  /** Of an application that is on no instance. */
  readonly isHeld?: (stage: Stage) => boolean;
}

export function watchGuest(stage: Stage, { instanceId, isHeld: isHeldElsewhere }: Watched): Witness {
  const restMs = isHeldElsewhere === undefined ? idleMs : elsewhereMs;
  const held: Held[] = [];
  let open: Held[] = [];
  let cancel = () => {};
  const look = (): void => {
    cancel();
    const nowMs = stage.clock.nowMs();
    const seen = whatIsHeld(stage, instanceId, isHeldElsewhere?.(stage) ?? false);
    open = seen.map((what) => open.find((each) => each.what === what) ?? begun(held, what, nowMs));
    for (const each of open) each.toMs = nowMs;
    const isBusy = open.length > 0 || executions(stage, 'protect').some(({ status }) => status === 'RUNNING');
    cancel = stage.clock.at(nowMs + (isBusy ? busyMs : restMs), look);
  };
  // What is held for a second between two looks must be seen, too.
  const guest = stage.services.ec2.world.guest(instanceId);
  const { freeze, holdApplication } = guest;
  guest.freeze = (mountPoint) => {
    const outcome = freeze(mountPoint);
    look();
    return outcome;
  };
  guest.holdApplication = (name) => {
    const isHeld = holdApplication(name);
    look();
    return isHeld;
  };
  look();
  return { held, stops: watchStops(stage, instanceId), stop: () => cancel() };
}

function watchStops(stage: Stage, instanceId: string): readonly Stop[] {
  const stops: Stop[] = [];
  stage.services.ec2.context.onInstanceState.push(({ id, formerState }) => {
    if (id !== instanceId || formerState !== 'running') return;
    stops.push({ timeMs: stage.clock.nowMs(), portrait: portraitOf(stage, instanceId) });
  });
  return stops;
}

function begun(all: Held[], what: Held['what'], nowMs: number): Held {
  const fresh = { what, fromMs: nowMs, toMs: nowMs };
  all.push(fresh);
  return fresh;
}

function whatIsHeld(
  { services: { ec2 } }: Stage,
  instanceId: string,
  isHeldElsewhere: boolean,
): readonly Held['what'][] {
  const { frozen, held } = ec2.world.guest(instanceId).stillness();
  return [...(frozen ? (['frozen'] as const) : []), ...(held || isHeldElsewhere ? (['held'] as const) : [])];
}
