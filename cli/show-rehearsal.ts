/** The plan of a recovery, as it is shown before anybody is asked. */
import * as z from 'zod/mini';
import type { Point } from '#domain/point.ts';
import type { RecoveryRequest } from '#domain/recovery.ts';
import { readPoint } from '#ledger/points.ts';
import type { Rehearsal } from './rehearse-recovery.ts';
import type { Terminal } from './terminal.ts';
import { ago, utc } from './times.ts';
import { columns, cut, foldedCommand, wrapped } from './wrap.ts';

const callIndent = ' '.repeat(8);

interface Asked {
  readonly request: RecoveryRequest;
  /** As they could be typed; one line each, long values left out; or not at all. */
  readonly calls: 'full' | 'short' | 'none';
  readonly nowMs: number;
}

export async function showRehearsal(
  terminal: Terminal,
  rehearsal: Rehearsal,
  { request, nowMs, calls: how }: Asked,
): Promise<void> {
  const { workload, takenAt, calls, warnings } = rehearsal;
  const point = await readPoint(workload, rehearsal.point);
  const targets = request.toInstance === undefined ? instancesOf(point) : [request.toInstance];
  const verdict = point?.verdict ?? rehearsal.verdict;
  terminal.event({ event: 'plan', ...rehearsal, targets, verdict, ageMs: nowMs - Date.parse(takenAt) });
  terminal.line(`${terminal.paint('bold', 'Plan')}  recovery of ${workload} from ${rehearsal.point}`);
  terminal.line(`  data of   ${utc(takenAt)}, ${ago(takenAt, nowMs)}; what was written since is not in it`);
  terminal.line(
    `  verdict   ${verdict?.consistency ?? (request.rdb === undefined ? 'known from the tags only' : 'unknown: files of somebody’s')}`,
  );
  terminal.line(`  into      ${targets.join(', ') || 'where it came from'}`);
  for (const warning of warnings)
    terminal.line(wrapped(`  ${terminal.paint('yellow', 'warning')}   ${warning}`, '            '));
  terminal.line(
    `  changes   ${calls.length} calls${how === 'full' ? ', in this order:' : how === 'short' ? ', in this order (--dry-run has them in full):' : '; --dry-run lists them'}`,
  );
  if (how !== 'none') terminal.line();
  for (const [index, call] of how === 'none' ? [] : calls.entries()) {
    const line = `  ${String(index + 1).padStart(2)}  ${call}`;
    terminal.line(how === 'full' ? foldedCommand(line, callIndent) : cut(withoutValues(line), columns));
  }
  terminal.line();
}

/** Tags and policies, as JSON: long, and the same in most calls. */
const withoutValues = (line: string): string => line.replaceAll(/ --[\w-]+ '[^']*'/g, '');

const detail = z.object({ instanceId: z.string() });

/** The instances that a point came from. */
const instancesOf = (point: Point | undefined): readonly string[] => [
  ...new Set(
    (point?.artifacts ?? []).flatMap((artifact) => {
      const parsed = z.safeParse(detail, artifact.detail);
      return parsed.success ? [parsed.data.instanceId] : [];
    }),
  ),
];
