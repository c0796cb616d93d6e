import type { ArtifactExport } from '#domain/artifact-export.ts';
import type { Point } from '#domain/point.ts';
import { copyLines, copyState } from './copy-words.ts';
import type { Terminal } from './terminal.ts';
import { ago, utc } from './times.ts';
import { wrapped } from './wrap.ts';

/** What a point's verdict rests on. */
export function showEvidence(terminal: Terminal, point: Point, state: string, nowMs: number): void {
  const { id, verdict, takenAt, sealedAt, artifacts, exports = [], copy } = point;
  terminal.line(`  ${id}  ${terminal.paint('bold', verdict.consistency)}, ${state}`);
  terminal.line(`    taken ${utc(takenAt)} (${ago(takenAt, nowMs)}), sealed ${utc(sealedAt)}`);
  for (const sentence of verdict.evidence) terminal.line(wrapped(`    - ${sentence}`, '      '));
  for (const each of artifacts) {
    terminal.line(`    ${each.id}  copy of ${each.source}, begun ${utc(each.startedAt)}`);
  }
  for (const each of exports) terminal.line(wrapped(`    ${exportWords(each)}`, '      '));
  for (const line of copy === undefined ? [] : copyLines(copy, copyState(point))) {
    terminal.line(wrapped(`    ${line}`, '      '));
  }
}

function exportWords({ id, bucket, key, state, files = [], problem }: ArtifactExport): string {
  const [place, made, making] =
    bucket === undefined
      ? [`under ${key}`, `copied as ${files.join(', ')}, under ${key}`, 'copied']
      : [`to ${bucket}`, `exported to ${files.join(', ')}`, 'exported'];
  if (state === 'done') return `${id}  ${made}`;
  return state === 'failed' ? `${id}  not ${making} ${place}: ${problem}` : `${id}  is being ${making} ${place}`;
}
