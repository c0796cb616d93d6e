/** `holdfast points`: what can be recovered, newest first. */
import * as z from 'zod/mini';
import { durationWords } from '#domain/duration.ts';
import { expiryOf } from '#domain/expiry.ts';
import type { Point } from '#domain/point.ts';
import type { Workload } from '#domain/policy.ts';
import { isTrusted } from '#domain/retention.ts';
import { pointsFromTags } from '#flows/points-from-tags.ts';
import { pointsOf } from '#ledger/points.ts';
import { runsOf } from '#ledger/runs.ts';
import { providersFor } from '#providers/index.ts';
import { problemOf } from './aws-problems.ts';
import {
  type BackupPlanPoints,
  backupPlanDocumentOf,
  backupPlanPointsOf,
  showBackupPlanPoints,
} from './backup-plan-points.ts';
import { connect } from './connect.ts';
import { copyState } from './copy-words.ts';
import { type ExitCode, exitCodes } from './exit-codes.ts';
import { needPolicy } from './needed-policy.ts';
import { knownWorkload, validPolicy, workloadsOf } from './policy.ts';
import { untouched } from './problem.ts';
import type { Shell } from './shell.ts';
import { showEvidence } from './show-evidence.ts';
import { table } from './table.ts';
import type { Terminal } from './terminal.ts';
import { measured } from './times.ts';
import { withoutUserData } from './without-user-data.ts';

const input = z.object({
  workload: z.optional(z.string()),
  evidence: z._default(z.boolean(), false),
  fromTags: z._default(z.boolean(), false),
});

interface Listed {
  readonly workload: string;
  /** As the policy file has it, for when its points expire. */
  readonly known: Workload | undefined;
  readonly points: readonly Point[];
  readonly planned: BackupPlanPoints;
}

export async function run(typed: unknown, { terminal, settings }: Shell): Promise<ExitCode> {
  const { workload, evidence, fromTags } = z.parse(input, typed);
  const names =
    workload === undefined ? validPolicy(settings.policy).policy.workloads.map(({ name }) => name) : [workload];
  if (fromTags) needPolicy('HoldfastOperators', settings.stack);
  const { nowMs } = await connect(settings);
  const listed = await Promise.all(
    names.map(async (name): Promise<Listed> => {
      const known = knownWorkload(settings.policy, name);
      const points = await pointsFrom(name, known, { fromTags, policy: settings.policy });
      if (known === undefined && points.length === 0) await refuseUnlessRun(name, settings.policy);
      return { workload: name, known, points, planned: await backupPlanPointsOf(known, points) };
    }),
  );
  terminal.document({
    points: listed.flatMap((each) => each.points.map((point) => documentOf(point, each.known))),
    planPoints: listed.flatMap(({ planned }) => planned.points.map(backupPlanDocumentOf)),
  });
  for (const each of listed) show(terminal, each, nowMs(), evidence);
  return exitCodes.done;
}

/** @throws Problem with exit code 2 for a name that neither the policy nor the ledger has */
async function refuseUnlessRun(name: string, policy: string): Promise<void> {
  // Without the ledger nothing but points would tell.
  const runs = await runsOf(name, 1).catch(() => []);
  if (runs.length === 0) workloadsOf(validPolicy(policy).policy, name, policy);
}

/** By tags those kinds are looked for that the stack has rights for. */
async function pointsFrom(
  name: string,
  known: Workload | undefined,
  { fromTags, policy }: { readonly fromTags: boolean; readonly policy: string },
): Promise<readonly Point[]> {
  try {
    if (!fromTags) return await pointsOf(name);
    return await pointsFromTags(
      name,
      providersFor(known === undefined ? validPolicy(policy).policy.workloads : [known]),
    );
  } catch (error) {
    throw problemOf(error, untouched);
  }
}

const expiresAt = (point: Point, workload: Workload | undefined) =>
  workload === undefined ? undefined : expiryOf(workload, point.takenAt);

const documentOf = (point: Point, workload: Workload | undefined) => ({
  ...withoutUserData(point),
  state: stateOf(point),
  expiresAt: expiresAt(point, workload) ?? null,
});

export function stateOf(point: Point): 'sealed' | 'doubtful' | 'broken' | 'retiring' | 'retired' {
  const { retire, broken } = point;
  if (retire === undefined && broken !== undefined) return 'broken';
  if (retire === undefined) return isTrusted(point) ? 'sealed' : 'doubtful';
  return retire.doneAt === undefined ? 'retiring' : 'retired';
}

function show(
  terminal: Terminal,
  { workload, known, points, planned }: Listed,
  nowMs: number,
  evidence: boolean,
): void {
  terminal.line(`${terminal.paint('bold', workload)}  ${points.length === 1 ? '1 point' : `${points.length} points`}`);
  if (points.length === 0) terminal.line(`  None yet. Take one: npx holdfast backup ${workload}`);
  if (points.length > 0 && !evidence) {
    const isCopied = points.some(({ copy }) => copy !== undefined);
    const head = ['Point', 'Age', 'Verdict', 'Parts', 'Held', 'Expires', 'State', ...(isCopied ? ['Copy'] : [])];
    terminal.line(
      table(
        terminal,
        head,
        points.map((point) => [...rowOf(point, known, nowMs), ...(isCopied ? [copyState(point)] : [])]),
        { indent: 2, wraps: 2 },
      ),
    );
  }
  if (evidence) for (const point of points) showEvidence(terminal, point, stateOf(point), nowMs);
  showBackupPlanPoints(terminal, planned, nowMs, evidence);
  terminal.line();
}

function rowOf(point: Point, workload: Workload | undefined, nowMs: number): string[] {
  const { verdict, artifacts, takenAt } = point;
  return [
    point.id,
    durationWords(nowMs - Date.parse(takenAt)),
    verdict.consistency,
    String(artifacts.length),
    verdict.windowMs === undefined ? '-' : measured(verdict.windowMs),
    expiresAt(point, workload)?.slice(0, 10) ?? '?',
    stateOf(point),
  ];
}
