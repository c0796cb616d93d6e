/** The mail about files in S3 that a service has not written of a point. */
import type { Artifact } from '../artifact.ts';
import type { Point } from '../point.ts';
import { type About, atWords, command, compose, indented, type Mail, pointLines, quoted } from './layout.ts';

export interface FailedExport {
  readonly point: Point;
  readonly artifact: Artifact;
  readonly bucket: string;
  /** In AWS's words. */
  readonly problem: string;
  /** By which a person has it exported after all. */
  readonly line: string;
}

export function exportFailed(about: About & FailedExport): Mail {
  const { workload, point, artifact, bucket, problem, line } = about;
  return compose(`${workload.name}: a point was not exported to S3; the point itself is whole`, [
    [
      'APPLICATION: not concerned. The point can be recovered from; only its copy in S3 is not there, or not all of it.',
    ],
    [
      `What failed: the export of ${artifact.kind} ${artifact.source} of point ${point.id}, taken ${atWords(point.takenAt)}, to the bucket ${bucket}. In the words of the error:`,
      quoted(problem),
    ],
    [
      'Mend what is in its way. The next point is exported by itself; Holdfast does not try this one again. By hand:',
      indented(line),
    ],
    pointLines(about),
    [
      'What keeps exports from working, and what points there are:',
      command(`doctor ${workload.name}`),
      command(`points ${workload.name} --evidence`),
    ],
  ]);
}
