/** Files of a sealed point's artifacts in S3: asked for, looked for, and given up after a day. Whatever becomes of them, the point is whole. */
import type { Artifact } from '#domain/artifact.ts';
import { type ArtifactExport, isExporting } from '#domain/artifact-export.ts';
import { transientFault } from '#domain/faults.ts';
import { exportFailed } from '#domain/mail/export-failed.ts';
import type { Point } from '#domain/point.ts';
import { aboutWorkload } from '#ledger/about-workload.ts';
import { oweNotice } from '#ledger/notices.ts';
import { changePoint, readPoint } from '#ledger/points.ts';
import type { OpenPoint } from '#ledger/unfinished.ts';
import { asFault, isDenied } from '#platform/aws-errors.ts';
import { workloadOrRemoved } from '#platform/deployed-policy.ts';
import { wakeReport } from '#platform/wake-report.ts';
import { exporterOf } from '#providers/exporters.ts';

/** What was asked for and does not show after so long is asked for again: the call may not have had any effect. */
const askAgainMs = 1_800_000;
const giveUpMs = 86_400_000;

export async function followExports({ workload, pointId }: OpenPoint): Promise<void> {
  const point = await readPoint(workload, pointId);
  if (point === undefined || !isExporting(point)) return;
  for (const wanted of point.exports ?? []) {
    const artifact = point.artifacts.find(({ kind, id }) => kind === wanted.kind && id === wanted.id);
    if (wanted.state === 'wanted' && artifact !== undefined) await follow(point, artifact, wanted);
  }
}

/** @throws TransientFault when AWS could not be asked; the next sweep does it again */
async function follow(point: Point, artifact: Artifact, wanted: ArtifactExport): Promise<void> {
  const exporter = exporterOf(artifact.kind);
  const nowMs = Date.now();
  const isLate = nowMs - Date.parse(point.sealedAt) > giveUpMs;
  const seen = await exporter.look(artifact, wanted.bucket).catch((error: unknown) => {
    // What was asked for may be there, though nobody may look.
    if (isDenied(error) && wanted.askedAt !== undefined && !isLate)
      throw transientFault(`Nobody may look at the export of ${artifact.id}: ${String(error)}`, error);
    return refusalIn(error, wanted);
  });
  if (typeof seen === 'string') return giveUp(point, artifact, wanted, seen);
  const { files, count, isWhole, isBusy } = seen;
  if (isWhole) return change(point, wanted, { state: 'done', files });
  if (isLate) {
    const some = count === undefined ? String(files.length) : `${files.length} of ${count}`;
    const problem = `A day after the point was sealed ${some} files are in the bucket ${wanted.bucket}.`;
    return giveUp(point, artifact, wanted, problem);
  }
  if (isBusy || nowMs - Date.parse(wanted.askedAt ?? '') < askAgainMs) return;
  await change(point, wanted, { askedAt: new Date(nowMs).toISOString() });
  const refusal = await exporter.begin(artifact, wanted.bucket).catch((error: unknown) => refusalIn(error, wanted));
  if (refusal !== undefined) await giveUp(point, artifact, wanted, refusal);
}

/** Of the service that writes the files; what the ledger refuses is no reason to give them up. @throws whatever else it is */
function refusalIn(error: unknown, { id, bucket }: ArtifactExport): string {
  const fault = asFault(error, `exporting ${id} to the bucket ${bucket}`);
  if (fault.name !== 'ProviderFault') throw fault;
  return fault.message;
}

/** Owed before it is written down: what is given up is not looked at again. */
async function giveUp(point: Point, artifact: Artifact, wanted: ArtifactExport, problem: string): Promise<void> {
  const about = await aboutWorkload(workloadOrRemoved(point.workload));
  const line = exporterOf(artifact.kind).line(artifact, wanted.bucket);
  const mail = exportFailed({ ...about, point, artifact, bucket: wanted.bucket, problem, line });
  const createdAt = new Date(about.nowMs).toISOString();
  const owed = { audience: 'failures', workloads: [point.workload], createdAt } as const;
  await oweNotice({ ...owed, id: `point/${point.id}/export/${artifact.id}`, ...mail });
  await change(point, wanted, { state: 'failed', problem });
  await wakeReport();
}

/** What another sweep has ended meanwhile stays as it is. */
async function change(point: Point, wanted: ArtifactExport, next: Partial<ArtifactExport>): Promise<void> {
  await changePoint(point.workload, point.id, (now) => ({
    ...now,
    exports: (now.exports ?? []).map((each) =>
      each.kind === wanted.kind && each.id === wanted.id && each.state === 'wanted' ? { ...each, ...next } : each,
    ),
  }));
}
