/** The mediation platform: containers that work, suspend when they are told to, and resume by themselves at the time that they were told. */
import type { Region } from '#simulator/region.ts';
import { type Contents, createWorkflows } from './workflows.ts';

/** What its owner's function (`suspend-mediation`) writes and reads. */
const wantedParameter = '/mediation/wanted';
const stateParameter = '/mediation/state';

export interface Turn {
  readonly timeMs: number;
  readonly to: 'active' | 'suspended';
  /** Temporary files that were out of the way then. */
  readonly filesAway: number;
}

export interface Platform {
  /** When it was suspended and resumed, oldest first. */
  readonly turns: readonly Turn[];
  contents(): Contents;
  /** Its operators take it down, or start it. */
  setRunning(isRunning: boolean): void;
}

const roundMs = 10_000;

/** Starts it; it works for as long as time passes. */
export function startPlatform(region: Region): Platform {
  const { clock } = region;
  const { parameters } = region.services.ssm;
  const { work, finish, clearAway, bringBack, away, contents } = createWorkflows(region);
  const turns: Turn[] = [];
  let isRunning = true;
  const turn = (to: Turn['to']): void => {
    parameters.set(stateParameter, to);
    turns.push({ timeMs: clock.nowMs(), to, filesAway: away() });
  };
  const suspend = (): void => {
    finish();
    clearAway();
    turn('suspended');
  };
  const resume = (): void => {
    turn('active');
    bringBack();
  };
  const round = (): void => {
    const isWanted = isStillWanted(parameters.get(wantedParameter), clock.nowMs());
    const isSuspended = parameters.get(stateParameter) === 'suspended';
    if (isRunning && isWanted && !isSuspended) suspend();
    if (isRunning && !isWanted && isSuspended) resume();
    if (isRunning && !isWanted) work();
    clock.at(clock.nowMs() + roundMs, round);
  };
  parameters.set(stateParameter, 'active');
  round();
  return {
    ...{ turns, contents },
    setRunning: (wanted) => {
      isRunning = wanted;
    },
  };
}

/** @param wanted `suspended until <ISO time>`, or anything else */
const isStillWanted = (wanted = '', nowMs: number): boolean =>
  Date.parse(wanted.replace('suspended until ', '')) > nowMs;
