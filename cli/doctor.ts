/** `holdfast doctor`: asks everything that a night would need, guests included, and holds nothing still. */
import * as z from 'zod/mini';
import type { PlannedHook } from '#domain/run.ts';
import { planWorkload } from '#flows/plan-workload.ts';
import { byInstance } from '#hooks/hold-tools.ts';
import { problemOf } from './aws-problems.ts';
import { connect } from './connect.ts';
import { examineDocument } from './examine-document.ts';
import { examineGuest } from './examine-guest.ts';
import { type ExitCode, exitCodes } from './exit-codes.ts';
import type { Finding } from './finding.ts';
import { validPolicy, workloadsOf } from './policy.ts';
import type { Shell } from './shell.ts';
import type { Terminal } from './terminal.ts';
import { wrapped } from './wrap.ts';

const input = z.object({ workload: z.string() });

/** One thing that was looked at. Without findings it is as it should be. */
export interface Examination {
  /** As in `command hook on i-0a1b2c3d4e5f60718`. */
  readonly subject: string;
  readonly findings: readonly Finding[];
}

/** Guests asked at the same time. */
const atOnce = 10;

export async function run(typed: unknown, { terminal, settings }: Shell): Promise<ExitCode> {
  const { workload: name } = z.parse(input, typed);
  const { policy } = validPolicy(settings.policy);
  const [workload] = workloadsOf(policy, name, settings.policy);
  if (workload === undefined) return exitCodes.usage;
  const { documents, nowMs } = await connect(settings);
  const others = policy.workloads.filter((other) => other !== workload);
  const found = await planWorkload(workload, others).catch(rethrow);
  const plan = { subject: 'plan', findings: found.refusals.map((problem) => ({ problem })) };
  const kinds = [...new Set(found.plan.hooks.map(({ kind }) => kind))];
  const sent = await Promise.all(kinds.map((kind) => examineDocument(kind, documents).catch(rethrow)));
  const current = new Set(kinds.filter((_, index) => sent[index]?.findings.length === 0));
  const reachable = found.plan.hooks.filter(
    ({ kind, instanceId }) => current.has(kind) && !found.unreachable.includes(instanceId),
  );
  const runId = `doctor-${nowMs()}`;
  const guests = await examineAll(reachable, (hook) => examineGuest(hook, { documents, runId }).catch(rethrow));
  const all = [plan, ...sent, ...guests];
  const fit = all.every(({ findings }) => findings.length === 0);
  terminal.document({ workload: name, fit, examinations: all });
  show(terminal, name, all);
  return fit ? exitCodes.done : exitCodes.refused;
}

function rethrow(error: unknown): never {
  throw problemOf(error);
}

/** Instances at the same time, the hooks of one instance one after another, as at night. */
async function examineAll(
  hooks: readonly PlannedHook[],
  examine: (hook: PlannedHook) => Promise<Examination>,
): Promise<readonly Examination[]> {
  const guests = byInstance(hooks).map((positions) => positions.flatMap((position) => hooks[position] ?? []));
  const examined: Examination[] = [];
  for (let from = 0; from < guests.length; from += atOnce) {
    const some = await Promise.all(guests.slice(from, from + atOnce).map((own) => inOrder(own, examine)));
    examined.push(...some.flat());
  }
  return examined;
}

async function inOrder<Item, Result>(items: readonly Item[], act: (item: Item) => Promise<Result>): Promise<Result[]> {
  const results: Result[] = [];
  for (const item of items) results.push(await act(item));
  return results;
}

function show(terminal: Terminal, workload: string, examinations: readonly Examination[]): void {
  for (const { subject, findings } of examinations) {
    if (findings.length === 0) terminal.line(`${terminal.paint('green', 'fit')}      ${subject}`);
    for (const { problem, fix } of findings) {
      terminal.line(wrapped(`${terminal.paint('red', 'problem')}  ${subject}: ${problem}`, '         '));
      if (fix !== undefined) terminal.line(wrapped(`         ${fix}`, '         '));
    }
  }
  const fit = examinations.every(({ findings }) => findings.length === 0);
  terminal.line(
    fit ? `Nothing speaks against the next run of ${workload}.` : 'Nothing was held still. Mend it, and ask again.',
  );
}
