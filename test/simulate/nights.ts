/** Long runs: a fleet over nights or months, with chance in every night, deployments in the middle of runs, and recoveries by day. */
import { type Random, seededRandom } from '#simulator/kernel/random.ts';
import {
  assemblyOf,
  dayMs,
  executions,
  failuresAddress,
  hourMs,
  minuteMs,
  openStage,
  type Stage,
} from '../scenario/stage.ts';
import { dueOn, launchBerlin, type NightlyWorkload, nightlyWorkloads, policyOfNights } from './fleet-of-nights.ts';
import { drawTroubles } from './night-troubles.ts';
import { isAboutLess, sealed } from './outcome.ts';
import { oneOf } from './pairs.ts';
import { portraitOf } from './portrait.ts';
import { brokenAccess } from './promise-of-access.ts';
import { brokenHolds } from './promise-of-holding.ts';
import { brokenNight } from './promise-of-points.ts';
import { brokenRecovery } from './promise-of-recovering.ts';
import { brokenTags } from './promise-of-tidiness.ts';
import { brokenRecord } from './promise-of-truth.ts';
import type { Scene } from './scene.ts';
import { dozeUntil } from './sleep.ts';
import { type Witness, watchGuest } from './witness.ts';

export interface Night {
  readonly seed: number;
  /** From 1. */
  readonly night: number;
  readonly troubles: readonly string[];
  /** One sentence for each promise that was broken. */
  readonly broken: readonly string[];
}

interface Run {
  readonly stage: Stage;
  readonly random: Random;
  readonly witnesses: ReadonlyMap<string, Witness>;
}

/** Noon of a day in the weeks before a zone's clocks change, or the middle of winter. */
const startsMs = [Date.UTC(2026, 0, 15, 12), Date.UTC(2026, 2, 26, 12), Date.UTC(2026, 9, 22, 12)];

/** Lives through so many nights; after each, `tell` hears of it. Ends early when a promise was broken. */
export async function liveNights(seed: number, nights: number, tell: (night: Night) => void): Promise<void> {
  const random = seededRandom(seed).fork('nights');
  const startMs = oneOf(random, startsMs);
  const stage = await openStage({ policy: policyOfNights(30), seed, startMs, sns: { confirmAfterMs: 0 } });
  try {
    launchBerlin(stage);
    const witnesses = new Map(nightlyWorkloads.map((each) => [each.workload, watchGuest(stage, each)]));
    for (let night = 1; night <= nights; night += 1) {
      const told = await liveNight({ stage, random, witnesses }, startMs + (night - 1) * dayMs);
      tell({ seed, night, ...told });
      if (told.broken.length > 0) return;
    }
  } finally {
    stage.close();
  }
}

async function liveNight(run: Run, noonMs: number): Promise<Pick<Night, 'troubles' | 'broken'>> {
  const { stage, random } = run;
  const midnightMs = noonMs + 12 * hourMs;
  const scenes = nightlyWorkloads.map((each) => sceneOf(run, each, noonMs));
  const mailsBefore = stage.inbox(failuresAddress).length;
  const troubles = [...drawTroubles(stage, random, midnightMs + oneOf(random, [30, 90, 180]) * minuteMs)];
  for (const dueMinutes of [30, 90, 180]) {
    await dozeUntil(stage, midnightMs + (dueMinutes - 1) * minuteMs);
    if (random.next() < 0.1) troubles.push(await deployInTheMiddle(run));
    await stage.time.advance(25 * minuteMs);
  }
  await dozeUntil(stage, midnightMs + 9 * hourMs);
  const recovered = random.next() < 0.3 ? await recover(run, oneOf(random, scenes)) : undefined;
  await dozeUntil(stage, noonMs + dayMs - 20 * minuteMs);
  await stage.time.advance(noonMs + dayMs - stage.clock.nowMs());
  const mails = stage
    .inbox(failuresAddress)
    .slice(mailsBefore)
    .map(({ subject }) => subject);
  const untold = nightlyWorkloads.flatMap((each) => untoldFailure(stage, each, midnightMs, mails));
  const broken: string[] = [...untold, ...(recovered === undefined ? [] : brokenRecovery(recovered))];
  for (const scene of scenes) {
    broken.push(...brokenHolds(scene), ...brokenNight(scene), ...brokenTags(scene), ...brokenAccess(scene));
    broken.push(...(await brokenRecord(scene)));
  }
  return { troubles, broken: [...new Set([...broken, ...stage.complaints()])] };
}

/** What the promises are asked of: one workload's night. */
function sceneOf({ stage, witnesses }: Run, { workload, instanceId }: NightlyWorkload, fromMs: number): Scene {
  const witness = witnesses.get(workload);
  if (witness === undefined) throw new Error(`Nobody watches ${workload}.`);
  const never = () => Promise.reject(new Error('A long run opens its own stage.'));
  const newest = sealed(stage)
    .map(({ runId }) => runId)
    .filter((runId) => runId.startsWith(`${workload}-20`))
    .sort()
    .at(-1);
  return {
    ...{ stage, witness, fromMs, mishaps: [], failures: 0, recovery: '' },
    scenario: {
      name: 'nights',
      workload,
      instanceId,
      devices: [],
      machine: 'protect',
      open: never,
      prepare: never,
      live: never,
    },
    before: portraitOf(stage, instanceId),
    volumesBefore: new Set(stage.services.ec2.world.volumes.keys()),
    sealedBefore: newest === undefined ? [] : [newest],
  };
}

/** Another retention, and so other functions' settings, while whatever runs is running. */
async function deployInTheMiddle({ stage, random }: Run): Promise<string> {
  const isRunning = () => executions(stage, 'protect').some(({ status }) => status === 'RUNNING');
  await stage.time.until(isRunning, 3 * minuteMs);
  await stage.time.advance(random.between(0, 8000));
  await stage.deploy(assemblyOf(policyOfNights(oneOf(random, [14, 30, 35]))), 'Holdfast');
  return `a deployment at ${new Date(stage.clock.nowMs()).toISOString()}`;
}

/** An operator recovers one workload in the morning. */
async function recover({ stage }: Run, scene: Scene): Promise<Scene> {
  const { workload, instanceId } = scene.scenario;
  const recovery = `by-day-${new Date(stage.clock.nowMs()).toISOString().slice(0, 10)}`;
  const scenario = { ...scene.scenario, machine: 'recover' } as const;
  // What a whole night of troubles has left may be more than the roll back can mend.
  const scenarioOfMany = { ...scenario, denies: [] };
  const about = {
    ...scene,
    scenario: scenarioOfMany,
    recovery,
    before: portraitOf(stage, instanceId),
    volumesBefore: volumesToStay(stage),
    fromMs: stage.clock.nowMs(),
  };
  await stage.startExecution(stage.deployed.HoldfastRecover ?? '', { workload }, recovery);
  await stage.time.until(() => executions(stage, 'recover').every(({ status }) => status !== 'RUNNING'), 4 * hourMs);
  await stage.time.advance(30 * minuteMs);
  await stage.time.until(() => executions(stage, 'recover').every(({ status }) => status !== 'RUNNING'), 4 * hourMs);
  return about;
}

/** Not what an earlier recovery has left beside its instance: the days for which that is kept may be over while this one goes on. */
const volumesToStay = ({ services: { ec2 } }: Stage): ReadonlySet<string> =>
  new Set(
    [...ec2.world.volumes.values()]
      .filter(({ tags, attachment }) => attachment !== undefined || !tags.has('holdfast:recovery'))
      .map(({ id }) => id),
  );

/** A night without a point of which no mail has told by noon. */
function untoldFailure(
  stage: Stage,
  workload: NightlyWorkload,
  dayStartMs: number,
  mails: readonly string[],
): string[] {
  const dueMs = dueOn(workload, dayStartMs);
  if (dueMs === undefined) return [];
  const runId = `${workload.workload}-${new Date(dueMs).toISOString().slice(0, 19).replaceAll(/[-:]/g, '')}Z`;
  if (sealed(stage).some((group) => group.runId === runId)) return [];
  return mails.some((subject) => subject.includes(workload.workload) && !isAboutLess(subject))
    ? []
    : [`${runId} has no point, and nobody was told`];
}
