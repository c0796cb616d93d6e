/** One run whose window is closed: are its artifacts complete? Then it is sealed; if one broke, the run failed. */
import type { Artifact } from '#domain/artifact.ts';
import { daysAfter, expiryOf, failedRunDays } from '#domain/expiry.ts';
import { judge } from '#domain/judge.ts';
import { runFailed } from '#domain/mail/run-mails.ts';
import type { Point } from '#domain/point.ts';
import type { Run } from '#domain/run.ts';
import { aboutWorkload } from '#ledger/about-workload.ts';
import { oweNotice } from '#ledger/notices.ts';
import { createPoint } from '#ledger/points.ts';
import { freeSlots } from '#ledger/reservations.ts';
import { changeRun } from '#ledger/runs.ts';
import { deployedWorkload } from '#platform/deployed-policy.ts';
import { providerOf } from '#providers/index.ts';

export async function settleRun(run: Run): Promise<void> {
  const artifacts = await progressOf(run);
  await changeRun(run.workload, run.id, (now) => ({ ...now, artifacts }));
  if (run.state !== 'settling') return;
  if (artifacts.some(({ state }) => state === 'error' || state === 'gone')) return fail(run, artifacts);
  if (artifacts.every(({ state }) => state === 'completed') && run.window?.releasedAt !== undefined)
    await seal(run, artifacts);
}

async function progressOf(run: Run): Promise<readonly Artifact[]> {
  const kinds = [...new Set(run.artifacts.map(({ kind }) => kind))];
  const each = kinds.map((kind) =>
    providerOf(kind).progress(run.artifacts.filter((artifact) => artifact.kind === kind)),
  );
  return (await Promise.all(each)).flat();
}

/**
 * The label is written before the point: a sealed point is then recoverable from its tags alone. A crash in between is
 * repeated by the next sweep.
 */
async function seal(run: Run, artifacts: readonly Artifact[]): Promise<void> {
  const verdict = judge({ ...run, artifacts });
  const takenAt = artifacts.map(({ startedAt }) => startedAt).sort()[0] ?? run.scheduledAt;
  const sealedAt = new Date().toISOString();
  await discardSurplus(run, artifacts);
  await label(artifacts, verdict.consistency, expiryOf(deployedWorkload(run.workload), takenAt));
  const point: Point = { id: run.id, workload: run.workload, takenAt, sealedAt, artifacts, verdict };
  await createPoint(point);
  await changeRun(run.workload, run.id, (now) => ({ ...now, state: 'sealed', artifacts, verdict, endedAt: sealedAt }));
  await freeSlots(run.id);
}

async function fail(run: Run, artifacts: readonly Artifact[]): Promise<void> {
  const broken = artifacts.filter(({ state }) => state === 'error' || state === 'gone');
  const message = broken
    .map(({ id, source, state, problem }) => `${id} of ${source} is ${state}: ${problem ?? 'no reason given'}`)
    .join('\n');
  const endedAt = new Date().toISOString();
  const failed = await changeRun(run.workload, run.id, (now) =>
    now.state === 'settling'
      ? { ...now, state: 'failed', artifacts, endedAt, failure: { name: 'ProviderFault', message, phase: 'settle' } }
      : undefined,
  );
  if (failed === undefined) return;
  const mail = runFailed({ ...(await aboutWorkload(deployedWorkload(run.workload))), run: failed });
  await oweNotice({
    id: `run/${run.id}/failed`,
    audience: 'failures',
    workloads: [run.workload],
    createdAt: endedAt,
    ...mail,
  });
  await label(
    artifacts.filter(({ state }) => state !== 'gone'),
    'failed',
    daysAfter(endedAt, failedRunDays),
  );
  await freeSlots(run.id);
}

/** A repeated create whose first effect showed too late leaves a second set: it is nobody's, and goes. */
async function discardSurplus(run: Run, artifacts: readonly Artifact[]): Promise<void> {
  const known = new Set(artifacts.map(({ id }) => id));
  for (const kind of new Set(artifacts.map((artifact) => artifact.kind))) {
    const provider = providerOf(kind);
    const surplus = (await provider.find(run.id)).filter(({ id }) => !known.has(id));
    for (const artifact of surplus) await provider.discard(artifact);
  }
}

async function label(artifacts: readonly Artifact[], verdict: string, expiresAt: string): Promise<void> {
  for (const [kind, members] of Map.groupBy(artifacts, (artifact) => artifact.kind)) {
    await providerOf(kind).label(members, { verdict, expiresAt });
  }
}
