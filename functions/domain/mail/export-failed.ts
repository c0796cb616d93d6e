/** The mail about what a service has not made beside a point: files in S3, or a copy under another key. */
import type { Artifact } from '../artifact.ts';
import type { ArtifactExport } from '../artifact-export.ts';
import type { Point } from '../point.ts';
import { type About, atWords, command, compose, indented, type Mail, pointLines, quoted } from './layout.ts';

export interface FailedExport {
  readonly point: Point;
  readonly artifact: Artifact;
  readonly wanted: ArtifactExport;
  /** In AWS's words. */
  readonly problem: string;
  /** By which a person has it made after all. */
  readonly line: string;
}

export function exportFailed(about: About & FailedExport): Mail {
  const { workload, point, artifact, wanted, problem, line } = about;
  const { subject, lacks, what, again } = wordsFor(wanted);
  return compose(`${workload.name}: ${subject}; the point itself is whole`, [
    [`APPLICATION: not concerned. The point can be recovered from; only its ${lacks} is not there, or not all of it.`],
    [
      `What failed: the ${what} of ${artifact.kind} ${artifact.source} of point ${point.id}, taken ${atWords(point.takenAt)}, ${wanted.bucket === undefined ? `under the key ${wanted.key}` : `to the bucket ${wanted.bucket}`}. In the words of the error:`,
      quoted(problem),
    ],
    [
      `Mend what is in its way. The next point is ${again} by itself; Holdfast does not try this one again. By hand:`,
      indented(line),
    ],
    pointLines(about),
    [
      `What keeps ${what === 'copy' ? 'copies' : 'exports'} from working, and what points there are:`,
      command(`doctor ${workload.name}`),
      command(`points ${workload.name} --evidence`),
    ],
  ]);
}

function wordsFor({ key, state }: ArtifactExport) {
  if (key === undefined)
    return { subject: 'a point was not exported to S3', lacks: 'copy in S3', what: 'export', again: 'exported' };
  const subject =
    state === 'done' ? 'a point has lost its copy under another key' : 'a point was not copied under another key';
  return { subject, lacks: 'copy under another key', what: 'copy', again: 'copied' };
}
