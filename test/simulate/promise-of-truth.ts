/** The record says what happened: this alone reads the ledger. */
import type { Run } from '#domain/run.ts';
import { readLease } from '#ledger/lease.ts';
import { pointsOf } from '#ledger/points.ts';
import { recoveriesOf } from '#ledger/recoveries.ts';
import { runsOf } from '#ledger/runs.ts';
import { dayMs } from '../scenario/stage.ts';
import { sealed } from './outcome.ts';
import { type Fate, fateOf } from './promise-of-recovering.ts';
import type { Scene } from './scene.ts';

export async function brokenRecord(scene: Scene): Promise<readonly string[]> {
  const { stage, scenario } = scene;
  const runs = await stage.drive(runsOf(scenario.workload));
  const points = await stage.drive(pointsOf(scenario.workload));
  const retired = new Set(points.flatMap(({ id, retire }) => (retire ? [id] : [])));
  const broken = runs
    .filter(({ id, scheduledAt }) => !retired.has(id) && Date.parse(scheduledAt) >= scene.fromMs - dayMs)
    .flatMap((run) => brokenRun(scene, run));
  return [...broken, ...(await brokenRecoveryRecord(scene)), ...(await brokenLease(scene))];
}

function brokenRun({ stage, witness }: Scene, run: Run): readonly string[] {
  const group = sealed(stage).find(({ runId }) => runId === run.id);
  const taken = [...(group?.snapshots ?? []), ...(group?.managed ?? [])].map(({ id }) => id);
  const made = run.artifacts.filter(({ continuous }) => continuous !== true);
  const nameOf = (id: string) => group?.managed.find(({ twins = [] }) => twins.includes(id))?.id ?? id;
  const [told, seen] = [made.map(({ id }) => nameOf(id)), taken].map((ids) => ids.toSorted().join());
  const { releasedAt } = run.window ?? {};
  const after = witness.held.filter(
    ({ fromMs, toMs }) =>
      releasedAt !== undefined && fromMs < Date.parse(releasedAt) && toMs > Date.parse(releasedAt) + 1000,
  );
  return [
    ...((run.state === 'sealed') === (group !== undefined)
      ? []
      : [`the record of ${run.id} says ${run.state}, its snapshots ${group ? 'are' : 'are not'} labelled`]),
    ...(group === undefined || told === seen
      ? []
      : [`the record of ${run.id} lists ${told}, its snapshots are ${seen}`]),
    ...after.map(({ what }) => `the record of ${run.id} says released, and the guest is still ${what}`),
    ...(run.window !== undefined && releasedAt === undefined && run.window.holds.length > 0
      ? [`the record of ${run.id} does not know that the guest is free`]
      : []),
    ...(run.state === 'failed' && run.failure === undefined
      ? [`the record of ${run.id} does not say why it failed`]
      : []),
  ];
}

const statesOf: Readonly<Record<Fate, readonly (string | undefined)[]>> = {
  committed: ['committed'],
  undone: ['rolled-back', undefined],
  stranded: ['stranded'],
};

async function brokenRecoveryRecord(scene: Scene): Promise<readonly string[]> {
  const { stage, scenario } = scene;
  if (scenario.machine !== 'recover') return [];
  const recovery = (await stage.drive(recoveriesOf(scenario.workload))).find(({ id }) => id === scene.recovery);
  const fate = fateOf(scene);
  if (statesOf[fate].includes(recovery?.state)) return [];
  return [`the record of the recovery says ${recovery?.state}, and it is ${fate}`];
}

/**
 * What has ended holds the workload no longer, nor until its lease runs out: the operator who reads of a failure backs up or recovers
 * at once. Only a stranded recovery keeps it.
 */
async function brokenLease(scene: Scene): Promise<readonly string[]> {
  const { stage, scenario } = scene;
  const lease = await stage.drive(readLease(scenario.workload));
  if (lease === undefined || (lease.kind === 'recovery' && fateOf(scene) === 'stranded')) return [];
  return [`the record says that ${lease.holder} holds ${scenario.workload}, and it has ended`];
}
