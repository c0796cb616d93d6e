/** What plans of AWS Backup have copied of a workload, as `holdfast points` shows it. */
import { durationWords } from '#domain/duration.ts';
import type { Point } from '#domain/point.ts';
import type { Workload } from '#domain/policy.ts';
import { pointsFromBackupPlans } from '#flows/points-from-backup-plans.ts';
import { backupPlanVaults } from '#platform/environment.ts';
import { showEvidence } from './show-evidence.ts';
import { table } from './table.ts';
import type { Terminal } from './terminal.ts';
import { withoutUserData } from './without-user-data.ts';
import { wrapped } from './wrap.ts';

export interface BackupPlanPoints {
  /** Newest first. */
  readonly points: readonly Point[];
  /** Why they could not be listed: a sentence. The points of the ledger are worth showing all the same. */
  readonly problem?: string;
}

/** @param workload as the policy file has it: its members say what to look for */
export async function backupPlanPointsOf(
  workload: Workload | undefined,
  known: readonly Point[],
): Promise<BackupPlanPoints> {
  if (backupPlanVaults().length === 0) return { points: [] };
  if (workload === undefined) return { points: [], problem: 'its members are not in this policy file' };
  try {
    return { points: await pointsFromBackupPlans(workload, known) };
  } catch (error) {
    return { points: [], problem: error instanceof Error ? error.message : String(error) };
  }
}

export const backupPlanDocumentOf = (point: Point) => ({ ...withoutUserData(point), state: stateOf(point) });

const stateOf = ({ broken }: Point): 'complete' | 'broken' => (broken === undefined ? 'complete' : 'broken');

export function showBackupPlanPoints(
  terminal: Terminal,
  { points, problem }: BackupPlanPoints,
  nowMs: number,
  evidence: boolean,
): void {
  if (problem !== undefined) {
    terminal.line(wrapped(`  What plans of AWS Backup have copied could not be listed: ${problem}`, '    '));
  }
  if (points.length === 0) return;
  terminal.line('  Copied by plans of AWS Backup, with nothing held still; recovered by --point only:');
  if (evidence) for (const point of points) showEvidence(terminal, point, stateOf(point), nowMs);
  else
    terminal.line(
      table(
        terminal,
        head,
        points.map((point) => rowOf(point, nowMs)),
        { indent: 2, wraps: 2 },
      ),
    );
}

const head = ['Point', 'Age', 'Copies of', 'Moments', 'State'];

function rowOf(point: Point, nowMs: number): string[] {
  const moments = new Set(point.artifacts.map(({ detail }) => detail.recoveryPointArn));
  return [
    point.id,
    durationWords(nowMs - Date.parse(point.takenAt)),
    point.artifacts.map(({ kind, source }) => `${kind} ${source}`).join(', '),
    String(moments.size),
    stateOf(point),
  ];
}
