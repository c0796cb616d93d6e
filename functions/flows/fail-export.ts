/** What was wanted of an artifact beside its point, and cannot be made, or is gone: told once. */
import type { Artifact } from '#domain/artifact.ts';
import { type ArtifactExport, isSameExport } from '#domain/artifact-export.ts';
import { exportFailed } from '#domain/mail/export-failed.ts';
import type { Point } from '#domain/point.ts';
import { aboutWorkload } from '#ledger/about-workload.ts';
import { oweFailureMail } from '#ledger/notices.ts';
import { changePoint } from '#ledger/points.ts';
import { workloadOrRemoved } from '#platform/deployed-policy.ts';
import { wakeReport } from '#platform/wake-report.ts';
import { exporterOf } from '#providers/exporters.ts';

/** Owed before it is written down: what is given up is not looked at again. */
export async function failExport(
  point: Point,
  artifact: Artifact,
  wanted: ArtifactExport,
  problem: string,
): Promise<void> {
  const about = await aboutWorkload(workloadOrRemoved(point.workload));
  const { line } = exporterOf(wanted);
  const mail = exportFailed({ ...about, point, artifact, wanted, problem, line: line(artifact, placeOf(wanted)) });
  const what = wanted.key === undefined ? 'export' : wanted.state === 'done' ? 'lost-copy' : 'copy';
  await oweFailureMail(point.workload, `point/${point.id}/${what}/${artifact.id}`, mail);
  await changeExport(point, wanted, { state: 'failed', problem });
  await wakeReport();
}

/** Where it is, or shall be: a bucket's name, or a key's ARN. */
export const placeOf = ({ bucket, key }: ArtifactExport): string => bucket ?? key ?? '';

/** What another sweep has ended meanwhile stays as it is. */
export async function changeExport(point: Point, wanted: ArtifactExport, next: Partial<ArtifactExport>): Promise<void> {
  await changePoint(point.workload, point.id, (now) => ({
    ...now,
    exports: (now.exports ?? []).map((each) =>
      isSameExport(each, wanted) && each.state === wanted.state ? { ...each, ...next } : each,
    ),
  }));
}
