/** How a recovery moves through its phases: pure changes of its record, and how long each phase may take. */
import { daysAfter } from './expiry.ts';
import type { Workload } from './policy.ts';
import type { Recovery, RecoveryPhase, RecoveryTarget } from './recovery.ts';
import type { Failure } from './run.ts';

export type Stage = RecoveryPhase | 'roll-back';

/**
 * After so long a phase that is still not done has failed. AWS publishes no figures for most; EC2's guide names ten minutes in
 * `stopping` as the time to give up. https://docs.aws.amazon.com/AWSEC2/latest/UserGuide/TroubleshootingInstancesStopping.html
 */
export const stageLimitMinutes: Readonly<Record<Stage, number>> = {
  create: 15,
  safeguard: 10,
  stop: 12,
  detach: 10,
  attach: 10,
  start: 10,
  verify: 20,
  commit: 5,
  'roll-back': 45,
};

/**
 * Of recoveries with members of managed services: their new resources are made in hours rather than minutes, and AWS promises nothing.
 */
export const managedCreateMinutes = 240;
const managedLimitMinutes: Readonly<Partial<Record<Stage, number>>> = {
  create: managedCreateMinutes,
  detach: 45,
  attach: 45,
  'roll-back': 90,
};

export function limitMinutes({ plan }: Recovery, stage: Stage): number {
  const isManaged = plan.targets.some(({ kind }) => kind !== 'ebs');
  return (isManaged ? managedLimitMinutes[stage] : undefined) ?? stageLimitMinutes[stage];
}

/** Longest that one execution of the recover machine may live; `TimeoutSeconds` of its definition. */
export const executionHours = 9;
/** What the limits of an EBS recovery's stages leave of that. */
const ebsHours = 3;

/** A lease outlives the execution by one more: the one that the guard starts to undo an aborted recovery. */
export const leaseHours = ({ members }: Workload): number =>
  2 * (members.every(({ kind }) => kind === 'ebs') ? ebsHours : executionHours);

/** A stranded one has, too, though a person may have its roll back tried again. */
export const hasEnded = ({ state }: Recovery): boolean =>
  state === 'committed' || state === 'rolled-back' || state === 'stranded' || state === 'refused';

/** Whether phases may still go forward. */
export const isForward = (recovery: Recovery): boolean => !hasEnded(recovery) && recovery.state !== 'rolling-back';

/** The record as a stage begins (a stranded one may try its roll back again); unchanged when that stage is under way already. */
export function enter(recovery: Recovery, stage: Stage, at: string): Recovery {
  const state = stage === 'roll-back' ? 'rolling-back' : stage;
  if (recovery.state === state && recovery.phases.some(({ phase }) => phase === stage)) return recovery;
  return { ...recovery, state, phases: [...recovery.phases.map(ended(at)), { phase: stage, startedAt: at }] };
}

/** The record as a stage ends. */
export const leave = (recovery: Recovery, stage: Stage, at: string): Recovery => ({
  ...recovery,
  phases: recovery.phases.map((each) => (each.phase === stage ? ended(at)(each) : each)),
});

/** The record with what a stage learnt of its targets. */
export function withTargets(recovery: Recovery, learnt: readonly RecoveryTarget[]): Recovery {
  const targets = recovery.plan.targets.map(
    (target) => learnt.find(({ kind, resource }) => kind === target.kind && resource === target.resource) ?? target,
  );
  return { ...recovery, plan: { ...recovery.plan, targets } };
}

/** The record at its end. `found`: how things stand with a stranded one. */
export const conclude = (
  recovery: Recovery,
  state: 'committed' | 'rolled-back' | 'stranded',
  at: string,
  found: Pick<Recovery, 'leftovers' | 'application'> = {},
): Recovery => ({
  ...recovery,
  state,
  phases: recovery.phases.map(ended(at)),
  endedAt: at,
  ...found,
});

/** The first failure stays: what comes after it is a consequence. */
export const withFailure = (recovery: Recovery, failure: Failure): Recovery =>
  recovery.failure === undefined ? { ...recovery, failure } : recovery;

/** When a stage that is under way has taken too long, epoch ms; Infinity for one that never began. */
export function limitMs(recovery: Recovery, stage: Stage): number {
  const entry = recovery.phases.findLast(({ phase }) => phase === stage);
  return entry === undefined ? Infinity : Date.parse(entry.startedAt) + limitMinutes(recovery, stage) * 60_000;
}

/** How long the stage has been going on, over all the calls that drive it. */
export function waitedMs(recovery: Recovery, stage: Stage, nowMs: number): number {
  const entry = recovery.phases.findLast(({ phase }) => phase === stage);
  return entry === undefined ? 0 : Math.max(0, nowMs - Date.parse(entry.startedAt));
}

/** ISO time until which replaced volumes and safety snapshots are kept. */
export const keepUntil = ({ startedAt, plan }: Recovery): string => daysAfter(startedAt, plan.keepReplacedDays);

const ended =
  (at: string) =>
  <T extends { readonly endedAt?: string }>(phase: T): T =>
    phase.endedAt === undefined ? { ...phase, endedAt: at } : phase;
