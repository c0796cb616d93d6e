/**
 * One run whose window is closed: are its artifacts complete? Then it is sealed; if one broke, the run failed. What a guest has not confirmed is
 * waited for, but not for ever: the newest disk is most wanted when its machine has died.
 */
import type { Artifact } from '#domain/artifact.ts';
import { exportsWanted } from '#domain/artifact-export.ts';
import { daysAfter, expiryOf, failedRunDays } from '#domain/expiry.ts';
import { contradictions, judge } from '#domain/judge.ts';
import { pointContradicts } from '#domain/mail/point-contradicts.ts';
import { runFailed, unconfirmedMinutes } from '#domain/mail/run-mails.ts';
import type { Point } from '#domain/point.ts';
import { copyWanted } from '#domain/point-copy.ts';
import type { Workload } from '#domain/policy.ts';
import type { Run } from '#domain/run.ts';
import { aboutWorkload } from '#ledger/about-workload.ts';
import { oweFailureMail } from '#ledger/notices.ts';
import { createPoint } from '#ledger/points.ts';
import { freeSlots } from '#ledger/reservations.ts';
import { changeRun, isUnreleased, readRun } from '#ledger/runs.ts';
import type { OpenRun } from '#ledger/unfinished.ts';
import { asFault } from '#platform/aws-errors.ts';
import { workloadOrRemoved } from '#platform/deployed-policy.ts';
import { logger } from '#platform/logger.ts';
import { wakeReport } from '#platform/wake-report.ts';
import { progressOf, providerOf } from '#providers/index.ts';
import { isOnItsWay, type Look } from './look-at-runs.ts';
import { releaseRun } from './release-run.ts';
import { stopUnderWay } from './stop-under-way.ts';
import { tellLesser } from './tell-lesser.ts';

const silentForMs = unconfirmedMinutes * 60_000;

/** @param look what the listing of all settling runs has of this one */
export async function settleRun({ workload, runId }: OpenRun, look: Look): Promise<void> {
  if (isOnItsWay(look)) return;
  const run = await readRun(workload, runId);
  if (run?.state !== 'settling') return;
  const artifacts = await seenNow(run, look);
  if (artifacts.some(isBroken)) return fail(run, artifacts);
  if (artifacts.some(({ state }) => state !== 'completed')) return stopOverdue({ ...run, artifacts });
  const isAsked = isUnreleased(run) || run.window?.releasedAt !== undefined;
  const released = isAsked ? run : await releaseRun(workload, runId);
  if (released !== undefined && (!isUnreleased(released) || isSilentForLong(released))) {
    await seal(released, artifacts, look);
  }
}

/** A guest that is back by then can still prove more than that it never told. */
const isSilentForLong = ({ window }: Run): boolean =>
  window !== undefined && Date.now() > Date.parse(window.deadlineAt) + silentForMs;

/** What goes on after its window is too late to be of any use. It was stopped with the window, unless that was refused. */
async function stopOverdue(run: Run): Promise<void> {
  if (Date.now() > Date.parse(run.window?.deadlineAt ?? '')) await stopUnderWay(run);
}

const isBroken = ({ state }: Artifact): boolean => state === 'error' || state === 'gone';

/** Several calls may settle a run at the same time: once one has ended it, the others change nothing. */
const changeSettling = ({ workload, id }: Run, next: (run: Run) => Run) =>
  changeRun(workload, id, (now) => (now.state === 'settling' ? next(now) : undefined));

/** As the listing has them; what it has not is asked for by id, since tags can be taken off. */
async function seenNow(run: Run, { artifacts }: Look): Promise<readonly Artifact[]> {
  const seen = new Map(artifacts.map((artifact) => [artifact.id, artifact]));
  const asked = await progressOf(run.artifacts.filter(({ id }) => !seen.has(id)));
  for (const artifact of asked) seen.set(artifact.id, artifact);
  return run.artifacts.map((artifact) => withProgress(artifact, seen.get(artifact.id)));
}

function withProgress(artifact: Artifact, seen: Artifact | undefined): Artifact {
  if (seen === undefined) return artifact;
  const { state, progress, problem, cut, detail } = seen;
  return {
    ...artifact,
    state,
    // Some is learnt late (a job's recovery point); what is in the ledger stays.
    detail: { ...detail, ...artifact.detail },
    ...(cut === undefined ? {} : { cut }),
    ...(progress === undefined ? {} : { progress }),
    ...(problem === undefined ? {} : { problem }),
  };
}

/**
 * The label is written before the point: a sealed point is then recoverable from its tags alone. The run ends last, since sweeps
 * do not come back to one that has ended: whatever a crash in between left undone is done by the next.
 */
async function seal(run: Run, artifacts: readonly Artifact[], look: Look): Promise<void> {
  const verdict = judge({ ...run, artifacts });
  const takenAt = artifacts.map(({ startedAt }) => startedAt).sort()[0] ?? run.scheduledAt;
  const sealedAt = new Date().toISOString();
  await discardSurplus({ ...run, artifacts }, look);
  const workload = workloadOrRemoved(run.workload);
  await label(artifacts, verdict.consistency, expiryOf(workload, takenAt));
  const exports = exportsWanted(workload, artifacts);
  const disagree = contradictions({ ...run, artifacts });
  const copy = copyWanted(workload, artifacts);
  const point: Point = {
    ...{ id: run.id, workload: run.workload, takenAt, sealedAt, artifacts, verdict },
    ...(exports.length === 0 ? {} : { exports }),
    ...(copy === undefined ? {} : { copy }),
    ...(disagree.length === 0 ? {} : { contradictions: disagree }),
  };
  await createPoint(point);
  if (disagree.length > 0) await oweContradictions(workload, point);
  await tellLesser(workload, point);
  await changeSettling(run, (now) => ({ ...now, state: 'sealed', artifacts, verdict, endedAt: sealedAt }));
  // Sweeps give slots back as they see what settles, and not of one that is still asked to let go.
  if (isUnreleased(run)) await freeSlots(run.id);
}

async function oweContradictions(workload: Workload, point: Point): Promise<void> {
  const mail = pointContradicts({ ...(await aboutWorkload(workload)), point });
  await oweFailureMail(workload.name, `point/${point.id}/contradictions`, mail, point.sealedAt);
  await wakeReport();
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
  const mail = runFailed({ ...(await aboutWorkload(workloadOrRemoved(run.workload))), run: failed(run) });
  await oweFailureMail(run.workload, `run/${run.id}/failed`, mail, endedAt);
  await labelFailed(artifacts, endedAt);
  await changeSettling(run, failed);
  await wakeReport();
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

/** A repeated create whose first effect showed too late leaves a second set: it is nobody's, and goes, where more than tags says that it is of this run. */
async function discardSurplus(run: Run, look: Look): Promise<void> {
  const known = new Set(run.artifacts.map(({ id }) => id));
  const kinds = new Set(look.artifacts.filter(({ id }) => !known.has(id)).map(({ kind }) => kind));
  for (const { left, discard } of [...kinds].map(providerOf)) {
    for (const artifact of await left(run)) if (!known.has(artifact.id)) await discard(artifact);
  }
}

async function label(artifacts: readonly Artifact[], verdict: string, expiresAt: string): Promise<void> {
  for (const [kind, members] of Map.groupBy(artifacts, (artifact) => artifact.kind)) {
    await providerOf(kind).label(members, { verdict, expiresAt });
  }
}
