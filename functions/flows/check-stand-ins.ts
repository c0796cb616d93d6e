/** Copies under other keys, looked for with the points that they stand beside: one of the two may be lost, and nobody should learn it from a recovery. */
import type { Artifact } from '#domain/artifact.ts';
import { copyName, isMadeCopy } from '#domain/artifact-export.ts';
import { copyStandsIn } from '#domain/mail/copy-stands-in.ts';
import type { Point } from '#domain/point.ts';
import { aboutWorkload } from '#ledger/about-workload.ts';
import { oweFailureMail } from '#ledger/notices.ts';
import { workloadOrRemoved } from '#platform/deployed-policy.ts';
import { wakeReport } from '#platform/wake-report.ts';
import { failExport } from './fail-export.ts';

/** @param lostOf a sentence where that artifact, or copy, is gone or in error. A point that has lost both is broken, which is told elsewhere */
export async function checkStandIns(
  points: readonly Point[],
  lostOf: (kind: string, id: string) => string | undefined,
): Promise<void> {
  for (const point of points) {
    for (const wanted of (point.exports ?? []).filter(isMadeCopy)) {
      const artifact = point.artifacts.find(({ kind, id }) => kind === wanted.kind && id === wanted.id);
      const [lost, lostCopy] = [wanted.id, copyName(wanted.id)].map((id) => lostOf(wanted.kind, id));
      if (artifact === undefined || (lost === undefined) === (lostCopy === undefined)) continue;
      if (lostCopy !== undefined) await failExport(point, artifact, wanted, lostCopy);
      else await tellOfLoss(point, artifact, lost ?? '');
    }
  }
}

/** Once: the notice's id says of what. */
async function tellOfLoss(point: Point, artifact: Artifact, problem: string): Promise<void> {
  const about = await aboutWorkload(workloadOrRemoved(point.workload));
  const mail = copyStandsIn({ ...about, point, copy: copyName(artifact.id), problem });
  await oweFailureMail(point.workload, `point/${point.id}/stand-in/${artifact.id}`, mail);
  await wakeReport();
}
