/** `holdfast plan`: what a run would back up, found in the account; reads only, and needs no deployed stack. */
import * as z from 'zod/mini';
import { durationWords } from '#domain/duration.ts';
import type { Policy, Workload } from '#domain/policy.ts';
import type { FileMistake } from '#domain/policy-file.ts';
import { nextDue } from '#domain/schedule.ts';
import { planWorkload, sealedLast, type WorkloadPlan } from '#flows/plan-workload.ts';
import { problemOf } from './aws-problems.ts';
import { collisions } from './collisions.ts';
import { lookAround } from './connect.ts';
import { type ExitCode, exitCodes } from './exit-codes.ts';
import { aheadWords, lookAhead } from './look-ahead.ts';
import { plannedVolumes } from './planned-volumes.ts';
import { validPolicy, workloadsOf } from './policy.ts';
import { deployedDifference, showDifference } from './policy-difference.ts';
import { untouched } from './problem.ts';
import type { Shell } from './shell.ts';
import { table } from './table.ts';
import type { Terminal } from './terminal.ts';
import { inZone } from './times.ts';
import { wrapped } from './wrap.ts';

const input = z.object({ workload: z.optional(z.string()) });

/** Workloads planned at the same time: each asks EC2 four times, and its buckets are not deep. */
const atOnce = 10;

export interface Planned {
  readonly workload: Workload;
  readonly found: WorkloadPlan;
  readonly nextMs: number | undefined;
}

export async function run(typed: unknown, { terminal, settings }: Shell): Promise<ExitCode> {
  const { workload } = z.parse(input, typed);
  const { policy, notes } = validPolicy(settings.policy);
  const chosen = workloadsOf(policy, workload, settings.policy);
  const { nowMs, hasLedger, deployedPolicy } = await lookAround(settings);
  const difference = deployedDifference(settings, deployedPolicy, workload);
  const lastRuns = hasLedger ? known : none;
  const all = chosen.length === 1 ? `the workload ${chosen[0]?.name}` : `${chosen.length} workloads`;
  terminal.remark(`Looking for what ${all} would back up ...`);
  const plans: Planned[] = [];
  for (let from = 0; from < chosen.length; from += atOnce) {
    const some = chosen.slice(from, from + atOnce);
    plans.push(...(await Promise.all(some.map((each) => planOne({ workload: each, policy, lastRuns }, nowMs())))));
    if (chosen.length > atOnce) terminal.remark(`  ${plans.length} of ${chosen.length} looked at`);
  }
  const ahead = await lookAhead(plans, nowMs());
  const warnings = [
    ...notes.map(noteWords),
    ...collisions(plans, nowMs()),
    ...ahead.times.flatMap((time) => time.warnings),
  ];
  terminal.document({ workloads: plans.map(documentOf), forecast: ahead, warnings, ...difference });
  for (const plan of plans) show(terminal, plan);
  for (const line of aheadWords(ahead)) terminal.line(wrapped(line, '  '));
  for (const warning of warnings)
    terminal.line(wrapped(`${terminal.paint('yellow', 'warning')}  ${warning}`, '         '));
  if (ahead.refusal !== undefined)
    terminal.line(wrapped(`${terminal.paint('red', 'refused')}  ${ahead.refusal}`, '         '));
  showDifference(terminal, settings, difference.policy);
  const isRefused = ahead.refusal !== undefined || plans.some(({ found }) => found.refusals.length > 0);
  return isRefused ? exitCodes.refused : exitCodes.done;
}

type LastRuns = typeof sealedLast;
/** Whoever may not read the ledger plans all the same. */
const known: LastRuns = (workload) => sealedLast(workload).catch(() => []);
const none: LastRuns = async () => [];

interface Asked {
  readonly workload: Workload;
  readonly policy: Policy;
  readonly lastRuns: LastRuns;
}

async function planOne({ workload, policy, lastRuns }: Asked, nowMs: number): Promise<Planned> {
  const others = policy.workloads.filter(({ name }) => name !== workload.name);
  try {
    const found = await planWorkload(workload, others, lastRuns);
    return { workload, found, nextMs: nextDue(workload.schedule, nowMs) };
  } catch (error) {
    throw problemOf(error, untouched);
  }
}

const noteWords = ({ path, message }: FileMistake) => `${path.join('.')}: ${message}`;

const documentOf = ({ workload, found, nextMs }: Planned) => ({
  workload: workload.name,
  volumes: plannedVolumes(found.plan),
  resources: managedOf(found).map(({ kind, resource, tier, continuous = false }) => ({
    kind,
    resource,
    tier,
    continuous,
  })),
  hooks: found.plan.hooks,
  onQuiesceFailure: found.plan.onQuiesceFailure,
  nextRunAt: nextMs === undefined ? null : new Date(nextMs).toISOString(),
  refusals: found.refusals,
  notes: found.notes,
  ...(found.busy === undefined ? {} : { busy: found.busy }),
});

function show(terminal: Terminal, { workload, found, nextMs }: Planned): void {
  const { timeZone } = workload.schedule;
  const next = nextMs === undefined ? 'never' : `${inZone(nextMs, timeZone)} ${timeZone}`;
  terminal.line(
    `${terminal.paint('bold', workload.name)}  next run ${next}, RPO ${durationWords(workload.objectives.rpoMinutes * 60_000)}`,
  );
  terminal.line(`  held still by: ${hookWords(workload)}`);
  const managed = managedOf(found).map(({ kind, resource, tier, continuous }) => [
    continuous ? `${kind}, continuous` : kind,
    resource,
    String(tier),
  ]);
  if (managed.length > 0) terminal.line(table(terminal, ['Kind', 'Resource', 'Tier'], managed, { indent: 2 }));
  const volumes = rowsOf(found);
  if (volumes.length > 0 || managed.length === 0)
    terminal.line(table(terminal, ['Instance', 'Device', 'Volume', 'Size', 'Type', 'Tier'], volumes, { indent: 2 }));
  if (found.busy !== undefined) terminal.line(`  ${terminal.paint('yellow', 'busy')}     ${found.busy}`);
  for (const refusal of found.refusals)
    terminal.line(wrapped(`  ${terminal.paint('red', 'refused')}  ${refusal}`, '           '));
  for (const note of found.notes)
    terminal.line(wrapped(`  ${terminal.paint('yellow', 'note')}     ${note}`, '           '));
  terminal.line();
}

/** Members of managed services, by tier. */
const managedOf = ({ plan }: WorkloadPlan) =>
  plan.members.filter(({ kind }) => kind !== 'ebs').toSorted((one, other) => one.tier - other.tier);

const rowsOf = ({ plan }: WorkloadPlan) =>
  plannedVolumes(plan).map(({ instance, device, volume, sizeGib, type, tier }) => [
    instance,
    device,
    volume,
    `${sizeGib} GiB`,
    type,
    String(tier),
  ]);

function hookWords({ hooks, onQuiesceFailure }: Workload): string {
  if (hooks.length === 0) return 'nothing; its points are crash-consistent';
  const each = hooks.map(({ kind, deadlineSeconds }) => `${kind} (at most ${deadlineSeconds} s)`).join(', then ');
  return `${each}; when that fails: ${onQuiesceFailure}`;
}
