/** Files of a sealed point's artifacts in S3, and copies under other keys: asked for, looked for, and given up after a day. Whatever becomes of them, the point is whole. */
import type { Artifact } from '#domain/artifact.ts';
import { type ArtifactExport, isExporting } from '#domain/artifact-export.ts';
import { transientFault } from '#domain/faults.ts';
import type { Point } from '#domain/point.ts';
import { copyTagKeys, tagKeys } from '#domain/tags.ts';
import { readPoint } from '#ledger/points.ts';
import type { OpenPoint } from '#ledger/unfinished.ts';
import { asFault, isDenied } from '#platform/aws-errors.ts';
import { environment } from '#platform/environment.ts';
import type { Exported } from '#providers/exporter.ts';
import { exporterOf } from '#providers/exporters.ts';
import { changeExport, failExport, placeOf } from './fail-export.ts';

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
  const exporter = exporterOf(wanted);
  const nowMs = Date.now();
  const isLate = nowMs - Date.parse(point.sealedAt) > giveUpMs;
  const seen = await exporter.look(artifact, placeOf(wanted)).catch((error: unknown) => {
    // What was asked for may be there, though nobody may look.
    if (isDenied(error) && wanted.askedAt !== undefined && !isLate)
      throw transientFault(`Nobody may look at the export of ${artifact.id}: ${String(error)}`, error);
    return refusalIn(error, wanted);
  });
  if (typeof seen === 'string') return failExport(point, artifact, wanted, seen);
  const { files, isWhole, isBusy } = seen;
  if (isWhole) return changeExport(point, wanted, { state: 'done', files });
  if (isLate) {
    return failExport(point, artifact, wanted, lateWords(seen, wanted));
  }
  if (isBusy || nowMs - Date.parse(wanted.askedAt ?? '') < askAgainMs) return;
  await changeExport(point, wanted, { askedAt: new Date(nowMs).toISOString() });
  const refusal = await exporter
    .begin(artifact, placeOf(wanted), tagsOf(point, artifact))
    .catch((error: unknown) => refusalIn(error, wanted));
  if (refusal !== undefined) await failExport(point, artifact, wanted, refusal);
}

/** Of the service that writes the files; what the ledger refuses is no reason to give them up. @throws whatever else it is */
function refusalIn(error: unknown, wanted: ArtifactExport): string {
  const fault = asFault(error, wordsOf(wanted));
  if (fault.name !== 'ProviderFault') throw fault;
  return fault.message;
}

const wordsOf = ({ id, bucket, key }: ArtifactExport): string =>
  bucket === undefined ? `copying ${id} under the key ${key}` : `exporting ${id} to the bucket ${bucket}`;

function lateWords({ files, count }: Exported, { bucket }: ArtifactExport): string {
  if (bucket === undefined) return 'A day after the point was sealed the copy is not complete.';
  const some = count === undefined ? String(files.length) : `${files.length} of ${count}`;
  return `A day after the point was sealed ${some} files are in the bucket ${bucket}.`;
}

/** Of a copy. It has not `holdfast:run`, lest it be taken for its run's snapshot. */
const tagsOf = ({ workload, id }: Point, artifact: Artifact) => ({
  [tagKeys.stack]: environment.stack(),
  [tagKeys.workload]: workload,
  [tagKeys.role]: 'copy',
  [tagKeys.source]: artifact.source,
  [copyTagKeys.run]: id,
  [copyTagKeys.of]: artifact.id,
});
