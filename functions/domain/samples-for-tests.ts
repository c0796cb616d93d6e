/** Records: a workload, its runs, points and recoveries, plausible in every field. Not imported by what is deployed. */
import type { Artifact } from './artifact.ts';
import type { Point } from './point.ts';
import type { Workload } from './policy.ts';
import type { Recovery } from './recovery.ts';
import type { Hold, PlannedHook, Run, Window } from './run.ts';
import { runIdFor } from './run-id.ts';
import type { Consistency } from './verdict.ts';

export const sampleWorkload = (changes: Partial<Workload> = {}): Workload => ({
  name: 'orders-db',
  description: 'Orders database',
  schedule: { expression: 'cron(0 3 * * ? *)', timeZone: 'UTC' },
  members: [{ kind: 'ebs', tier: 1, instance: { id: 'i-0a1b2c3d4e5f60718' }, volumes: 'data' }],
  hooks: [],
  onQuiesceFailure: 'abort',
  retention: { days: 30, minimum: 7 },
  objectives: { rpoMinutes: 26 * 60, rtoMinutes: 45 },
  mail: { failures: ['ops@example.com'], reports: [] },
  recovery: { safetySnapshot: true, keepReplacedDays: 7 },
  ...changes,
});

export const sampleArtifact = (startedAt: string, changes: Partial<Artifact> = {}): Artifact => ({
  kind: 'ebs',
  id: 'snap-0a1b2c3d4e5f60718',
  source: 'vol-0a1b2c3d4e5f60718',
  tier: 1,
  state: 'completed',
  startedAt,
  detail: {},
  ...changes,
});

/** @param takenAt ISO time, also of the id */
export function samplePoint(
  takenAt: string,
  consistency: Consistency = 'application-consistent',
  changes: Partial<Point> = {},
): Point {
  return {
    id: runIdFor('orders-db', takenAt),
    workload: 'orders-db',
    takenAt,
    sealedAt: takenAt,
    artifacts: [sampleArtifact(takenAt)],
    verdict: { consistency, evidence: [] },
    ...changes,
  };
}

export const sampleHook = (changes: Partial<PlannedHook> = {}): PlannedHook => ({
  kind: 'command',
  instanceId: 'i-0a1b2c3d4e5f60718',
  deadlineSeconds: 60,
  parameters: {},
  ...changes,
});

/** Held at 03:00:05, by our clock; the guest's own clock is an hour off, which must not matter. */
export const sampleHold = (changes: Partial<Hold> = {}): Hold => ({
  hook: sampleHook(),
  state: 'free',
  confirmedAt: '2026-11-21T03:00:05.000Z',
  quiescedGuestMs: Date.parse('2026-11-21T04:00:04.500Z'),
  releasedGuestMs: Date.parse('2026-11-21T04:00:12.000Z'),
  releasedBy: 'release',
  freeAt: '2026-11-21T03:00:13.000Z',
  ...changes,
});

export const sampleWindow = (changes: Partial<Window> = {}): Window => ({
  intendedAt: '2026-11-21T03:00:02.000Z',
  deadlineAt: '2026-11-21T03:01:32.000Z',
  holds: [sampleHold()],
  attemptedTiers: [1],
  beganAt: '2026-11-21T03:00:06.000Z',
  begunAt: '2026-11-21T03:00:09.000Z',
  releaseSentAt: '2026-11-21T03:00:10.000Z',
  releasedAt: '2026-11-21T03:00:13.000Z',
  ...changes,
});

/** A run that went well, with one command hook. */
export const sampleRun = (changes: Partial<Run> = {}): Run => ({
  id: 'orders-db-20261121T030000Z',
  workload: 'orders-db',
  scheduledAt: '2026-11-21T03:00:00.000Z',
  trigger: 'schedule',
  startedAt: '2026-11-21T03:00:01.000Z',
  state: 'sealed',
  window: sampleWindow(),
  artifacts: [sampleArtifact('2026-11-21T03:00:07.000Z')],
  ...changes,
});

export const sampleRecovery = (changes: Partial<Recovery> = {}): Recovery => ({
  id: 'recover-orders-db-20261121T120000Z',
  workload: 'orders-db',
  request: { workload: 'orders-db', requestedBy: 'Ann', reason: 'a bad deployment' },
  pointId: 'orders-db-20261121T030000Z',
  startedAt: '2026-11-21T12:00:00.000Z',
  state: 'committed',
  plan: { targets: [], safetySnapshot: true, keepReplacedDays: 7, calls: [], warnings: [] },
  phases: [
    { phase: 'create', startedAt: '2026-11-21T12:00:00.000Z', endedAt: '2026-11-21T12:00:40.000Z' },
    { phase: 'stop', startedAt: '2026-11-21T12:00:40.000Z' },
  ],
  endedAt: '2026-11-21T12:09:00.000Z',
  ...changes,
});
