/** One run whose window is closed: are its artifacts complete? Then it is sealed; if one broke, the run failed. */
import { isDeepStrictEqual } from 'node:util';
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
import { asFault } from '#platform/aws-errors.ts';
import { deployedWorkload } from '#platform/deployed-policy.ts';
import { logger } from '#platform/logger.ts';
import { providerOf } from '#providers/index.ts';

export async function settleRun(run: Run): Promise<void> {
  if (run.state !== 'settling') return;
  const artifacts = await progressOf(run);
  if (artifacts.some(isBroken)) return fail(run, artifacts);
  if (artifacts.every(({ state }) => state === 'completed') && run.window?.releasedAt !== undefined) {
    return seal(run, artifacts);
  }
  if (!isDeepStrictEqual(artifacts, run.artifacts)) await changeSettling(run, (now) => ({ ...now, artifacts }));
}

const isBroken = ({ state }: Artifact): boolean => state === 'error' || state === 'gone';

/** Several calls may settle a run at the same time: once one has ended it, the others change nothing. */
const changeSettling = ({ workload, id }: Run, next: (run: Run) => Run) =>
  changeRun(workload, id, (now) => (now.state === 'settling' ? next(now) : undefined));

async function progressOf(run: Run): Promise<readonly Artifact[]> {
  const kinds = [...new Set(run.artifacts.map(({ kind }) => kind))];
  const each = kinds.map((kind) =>
    providerOf(kind).progress(run.artifacts.filter((artifact) => artifact.kind === kind)),
  );
  return (await Promise.all(each)).flat();
}

/**
 * The label is written before the point: a sealed point is then recoverable from its tags alone. The run ends last, since sweeps
 * do not come back to one that has ended: whatever a crash in between left undone is done by the next.
 */
async function seal(run: Run, artifacts: readonly Artifact[]): Promise<void> {
  const verdict = judge({ ...run, artifacts });
  const takenAt = artifacts.map(({ startedAt }) => startedAt).sort()[0] ?? run.scheduledAt;
  const sealedAt = new Date().toISOString();
  await discardSurplus(run, artifacts);
  await label(artifacts, verdict.consistency, expiryOf(deployedWorkload(run.workload), takenAt));
  const point: Point = { id: run.id, workload: run.workload, takenAt, sealedAt, artifacts, verdict };
  await createPoint(point);
  await freeSlots(run.id);
  await changeSettling(run, (now) => ({ ...now, state: 'sealed', artifacts, verdict, endedAt: sealedAt }));
}

/** As with sealing, the run ends last. */
async function fail(run: Run, artifacts: readonly Artifact[]): Promise<void> {
  const message = artifacts
    .filter(isBroken)
    .map(({ id, source, state, problem }) => `${id} of ${source} is ${state}: ${problem ?? 'no reason given'}`)
    .join('\n');
  const endedAt = new Date().toISOString();
  const failure = { name: 'ProviderFault', message, phase: 'settle' };
  const failed = (now: Run): Run => ({ ...now, state: 'failed', artifacts, endedAt, failure });
  await oweFailure(failed(run), endedAt);
  await freeSlots(run.id);
  await labelFailed(artifacts, endedAt);
  await changeSettling(run, failed);
}

async function oweFailure(run: Run, createdAt: string): Promise<void> {
  const mail = runFailed({ ...(await aboutWorkload(deployedWorkload(run.workload))), run });
  const owed = { audience: 'failures', workloads: [run.workload], createdAt } as const;
  await oweNotice({ ...owed, id: `run/${run.id}/failed`, ...mail });
}

/** Only for who looks at the snapshots: a run must not stay open, and keep the next from beginning, for want of a label. */
async function labelFailed(artifacts: readonly Artifact[], endedAt: string): Promise<void> {
  const left = artifacts.filter(({ state }) => state !== 'gone');
  try {
    await label(left, 'failed', daysAfter(endedAt, failedRunDays));
  } catch (error) {
    logger.warn(asFault(error, 'labelling what a failed run left').message);
  }
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
