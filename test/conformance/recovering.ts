/** A recovery of one resource, phase by phase as the state machine calls them, over the simulated services and the SDK's own clients. */
import { BackupClient, CreateBackupVaultCommand } from '@aws-sdk/client-backup';
import type { Artifact } from '#domain/artifact.ts';
import type { Workload } from '#domain/policy.ts';
import { parsePolicy } from '#domain/policy-schema.ts';
import { type Recovery, type RecoveryPhase, type RecoveryTarget, recoveryPhases } from '#domain/recovery.ts';
import { enter } from '#domain/recovery-progress.ts';
import { promoteDocument } from '#hooks/document.ts';
import { guestScript } from '#hooks/guest-script.ts';
import { providerOf } from '#providers/index.ts';
import type { Restorer } from '#providers/restorer.ts';
import { restorerOf } from '#providers/restorers.ts';
import { createRegion, type Region } from '#simulator/region.ts';
import { one } from './one.ts';
import type { RecoveryArrangement } from './recovery-arrangement.ts';

const minuteMs = 60_000;
const roles = ['copies', 'restores'].map((name) => `arn:aws:iam::111122223333:role/${name}`);
const everything = {
  effect: 'Allow',
  ...{ actions: ['*'], notActions: [], resources: ['*'], notResources: [], conditions: {} },
} as const;
/** Shorter than AWS's, which only adds looks that are all alike. */
const durations = {
  rds: { snapshotMs: 30_000, restoreMs: 20_000, modifyMs: 5000, renameMs: 12_000 },
  efs: { mountTargetMs: 5000, updateMs: 5000 },
  backup: { jobMs: 30_000, restoreMs: 20_000 },
  memorydb: { snapshotMs: 30_000 },
  elasticache: { snapshotMs: 30_000 },
  dynamodb: { backupMs: 30_000, restoreMs: 20_000 },
  opensearch: { snapshotMs: 30_000, restoreMs: 20_000 },
};
/** Calls of one phase: of hours, at forty seconds each. */
const mostCalls = 400;
/** As often as the state machine tries a step again that failed for now. */
const mostTries = 5;

export type Call = RecoveryPhase | 'rollBack';

/** A region for resources of any kind, as a function finds its environment. */
export async function openRegion(): Promise<Region> {
  const region = await createRegion({ startMs: Date.UTC(2026, 0, 15, 3), ...durations });
  Object.assign(process.env, {
    ...{ AWS_REGION: 'eu-west-1', AWS_ACCESS_KEY_ID: 'AKIAOPERATOR', AWS_SECRET_ACCESS_KEY: 'simulated' },
    ...{ HOLDFAST_STACK: 'Holdfast', HOLDFAST_VAULT: 'ours', HOLDFAST_DOCUMENT_PROMOTE: 'promote' },
    ...{ HOLDFAST_BACKUP_ROLE: roles[0], HOLDFAST_RESTORE_ROLE: roles[1] },
  });
  // The roles stand for themselves here; that the deployed ones suffice is shown by whole recoveries.
  for (const arn of roles) {
    const caller = { kind: 'role', arn, name: arn } as const;
    region.identities.register(arn, { caller, policies: [{ name: 'all', statements: [everything] }] });
  }
  region.services.ssm.createDocument({ name: 'promote', content: promoteDocument(guestScript('promote')) });
  await region.drive(new BackupClient({}).send(new CreateBackupVaultCommand({ BackupVaultName: 'ours' })));
  return region;
}

/** What the ledger would know of it. */
export interface Recovering {
  readonly restorer: Restorer;
  readonly warnings: readonly string[];
  recovery: Recovery;
  target: RecoveryTarget;
}

/** From a backup that is complete: of the row `before`, and not of `a mistake`. */
export async function planned(region: Region, arrangement: RecoveryArrangement): Promise<Recovering> {
  const { write, request } = arrangement;
  await write(region, 'before');
  await region.time.advance(30 * minuteMs);
  const artifacts = await backedUp(region, arrangement);
  await write(region, 'a mistake');
  const workload = workloadOf(arrangement);
  const restorer = restorerOf(arrangement.member.kind);
  const asked = { workload: workload.name, ...request };
  const verdict = { consistency: 'crash-consistent', evidence: [] } as const;
  const point = { ...{ id: 'one-1', workload: workload.name, takenAt: '', sealedAt: '' }, artifacts, verdict };
  const plan = await region.drive(restorer.plan(point, asked, workload, []));
  if (plan.refusals.length > 0) throw new Error(plan.refusals.join('\n'));
  const startedAt = new Date().toISOString();
  const recovery: Recovery = {
    ...{ id: 'recovery-1', workload: workload.name, request: asked, pointId: point.id },
    ...{ startedAt, state: 'planned', phases: [] },
    plan: { ...plan, safetySnapshot: true, keepReplacedDays: 7 },
  };
  return { restorer, recovery, target: one(plan.targets), warnings: plan.warnings };
}

async function backedUp(region: Region, arrangement: RecoveryArrangement): Promise<readonly Artifact[]> {
  const workload = workloadOf(arrangement);
  const provider = providerOf(arrangement.member.kind);
  const { members, refusals } = await region.drive(provider.plan(workload.members, workload, []));
  if (refusals.length > 0) throw new Error(refusals.join('\n'));
  const at = new Date(Math.floor(Date.now() / 1000) * 1000 - 3000).toISOString();
  const run = {
    ...{
      stack: 'Holdfast',
      workload: workload.name,
      runId: `one-${at.replaceAll(/[-:]|\.\d+/g, '')}`,
      count: one(members).artifacts,
    },
    ...{ scheduledAt: at, momentAt: at, expiresAt: new Date(Date.now() + 10 * 86_400_000).toISOString() },
  };
  let artifacts = await region.drive(provider.begin(one(members), run, false));
  for (let looks = 0; artifacts.some(({ state }) => state !== 'completed'); looks += 1) {
    if (looks > 60) throw new Error(`not complete: ${JSON.stringify(artifacts)}`);
    await region.time.advance(minuteMs);
    artifacts = await region.drive(provider.progress(artifacts));
  }
  return artifacts;
}

function workloadOf({ member }: RecoveryArrangement): Workload {
  const retention = { days: 5, minimum: 3 };
  const workloads = { one: { schedule: { rate: '1 day' }, members: [member], retention } };
  const parsed = parsePolicy({ version: 1, mail: { failures: ['ops@example.com'] }, workloads });
  if (!('policy' in parsed)) throw new Error(JSON.stringify(parsed));
  return one(parsed.policy.workloads);
}

/** Until it is done: what fails for now is tried again. What it learns is kept, also when it fails. */
export async function phase(region: Region, recovering: Recovering, call: Call): Promise<void> {
  const { restorer } = recovering;
  recovering.recovery = enter(recovering.recovery, call === 'rollBack' ? 'roll-back' : call, new Date().toISOString());
  let tries = 0;
  for (let calls = 0; calls < mostCalls; calls += 1) {
    try {
      const { done, target } = await region.drive(restorer[call](recovering.target, recovering.recovery));
      recovering.target = target;
      if (done) return;
    } catch (error) {
      tries += 1;
      if (!(error instanceof Error) || error.name !== 'TransientFault' || tries > mostTries) throw error;
      await region.time.advance(10_000);
    }
  }
  throw new Error(`${call} is not done after ${mostCalls} calls`);
}

/** @param last phase of it. Default: all */
export async function recover(region: Region, recovering: Recovering, last: RecoveryPhase = 'commit'): Promise<void> {
  for (const each of recoveryPhases.slice(0, recoveryPhases.indexOf(last) + 1)) await phase(region, recovering, each);
}
