/** `holdfast doctor`: asks everything that a night would need, guests included, and holds nothing still; without a workload of all, and what speaks against the plans of AWS Backup. */
import * as z from 'zod/mini';
import { holdsEverywhere, runsOnGuests, takesArtifacts } from '#domain/hook-proof.ts';
import { leftOversOf, leftOverWords } from '#domain/left-over.ts';
import type { Policy, Workload } from '#domain/policy.ts';
import type { PlannedHook } from '#domain/run.ts';
import { planWorkload } from '#flows/plan-workload.ts';
import { functionProblem } from '#hooks/lambda/ask-function.ts';
import { pointsOf } from '#ledger/points.ts';
import { asFault } from '#platform/aws-errors.ts';
import { problemOf } from './aws-problems.ts';
import { type Connection, connect } from './connect.ts';
import { examineBackupPlan } from './examine-backup-plan.ts';
import { examineCopies } from './examine-copies.ts';
import { examineDocument } from './examine-document.ts';
import { examineExports } from './examine-exports.ts';
import { type Examined, examineGuest } from './examine-guest.ts';
import { examineMail } from './examine-mail.ts';
import { type ExitCode, exitCodes } from './exit-codes.ts';
import type { Finding } from './finding.ts';
import { type LookAtOtherStacks, otherStacks } from './other-stacks.ts';
import { validPolicy, workloadsOf } from './policy.ts';
import { deployedDifference, showDifference } from './policy-difference.ts';
import { Problem, untouched } from './problem.ts';
import { recoveryScripts } from './recovery-scripts.ts';
import type { Shell } from './shell.ts';
import type { Terminal } from './terminal.ts';
import { foldedCommand, wrapped } from './wrap.ts';

const input = z.object({ workload: z.optional(z.string()), plans: z._default(z.boolean(), false) });

/** One thing that was looked at. Without findings it is as it should be. */
export interface Examination {
  /** Absent where one was named, of plans of AWS Backup, and of mail. */
  readonly workload?: string;
  /** As in `command hook on i-0a1b2c3d4e5f60718`. */
  readonly subject: string;
  readonly findings: readonly Finding[];
  /** What nothing but a night can tell, in a sentence: it was not looked at. */
  readonly untold?: string;
  /** What speaks against nothing, and should be known. */
  readonly notes?: readonly string[];
  /** What may be done about the notes: commands, for a shell. */
  readonly commands?: readonly string[];
}

/** Guests asked at the same time. */
const atOnce = 10;

interface Means {
  readonly connection: Connection;
  readonly lookBeside: LookAtOtherStacks;
  /** Says what is under way, for whoever waits. */
  readonly tell: (text: string) => void;
}

export async function run(typed: unknown, { terminal, settings }: Shell): Promise<ExitCode> {
  const { workload: name, plans: plansAlone } = z.parse(input, typed);
  const { policy } = validPolicy(settings.policy);
  const workloads = plansAlone ? [] : workloadsOf(policy, name, settings.policy);
  const { plans = [] } = name === undefined ? policy : {};
  if (workloads.length === 0 && plans.length === 0) throw noPlans(settings.policy);
  const connection = await connect(settings);
  const difference = deployedDifference(settings, connection.deployedPolicy, name);
  const lookBeside = otherStacks();
  const examinations: Examination[] = [];
  const take = (some: readonly Examination[]) => {
    examinations.push(...some);
    for (const examination of some) show(terminal, examination);
  };
  try {
    for (const workload of workloads) {
      terminal.remark(`Looking at ${workload.name} ...`);
      const found = await examineAll(workload, policy, { connection, lookBeside, tell: terminal.remark });
      take(name === undefined ? found.map((each) => ({ workload: workload.name, ...each })) : found);
    }
    take(await examineMail(policy.workloads, workloads, connection.topics));
    for (const plan of plans) {
      terminal.remark(`Looking at the plan ${plan.name} ...`);
      take([await examineBackupPlan(plan)]);
    }
  } catch (error) {
    throw problemOf(error, untouched);
  }
  const fit = examinations.every(({ findings }) => findings.length === 0);
  terminal.document({ ...(name === undefined ? {} : { workload: name }), fit, examinations, ...difference });
  terminal.line(lastWords(plansAlone ? 'the plans' : (name ?? 'any workload'), examinations, fit));
  showDifference(terminal, settings, difference.policy);
  return fit ? exitCodes.done : exitCodes.refused;
}

function lastWords(of: string, examinations: readonly Examination[], fit: boolean): string {
  if (!fit) return 'Nothing was held still. Mend it, and ask again.';
  const limit = examinations.some(({ untold }) => untold !== undefined) ? ' that could be looked at' : '';
  return `Nothing${limit} speaks against the next run of ${of}.`;
}

const noPlans = (file: string) =>
  new Problem({
    exitCode: exitCodes.usage,
    what: `${file} has no plans of AWS Backup to look at.`,
    safe: untouched,
    next: 'npx holdfast doctor',
  });

/** The plan, then the documents, then those guests that can be asked, if the document that asks is right. */
async function examineAll(
  workload: Workload,
  policy: Policy,
  { connection: { documents, nowMs }, lookBeside, tell }: Means,
): Promise<readonly Examination[]> {
  const others = policy.workloads.filter((other) => other !== workload);
  const found = await planWorkload(workload, others);
  const leftOvers = leftOversOf(policy, await pointsOf(workload.name));
  const plan = {
    subject: 'plan',
    findings: [...found.refusals.map((problem) => ({ problem })), ...(found.plan.unheld ?? [])],
    notes: [...found.notes, ...leftOvers.map(leftOverWords), ...(await lookBeside(found.plan.members, nowMs()))],
  };
  const inRecovery = await recoveryScripts(workload, found.plan.members);
  const scripts: readonly Examined[] = [
    ...found.plan.hooks.filter(({ kind }) => runsOnGuests(kind)),
    ...inRecovery.scripts,
  ];
  const kinds = scripts.length === 0 ? [] : [...new Set(['doctor', ...scripts.map(({ kind }) => kind)])];
  const deployed = await Promise.all(kinds.map((kind) => examineDocument(kind, documents)));
  const asks = deployed[0]?.findings.length === 0;
  const askable = scripts.filter(({ instanceId }) => asks && !found.unreachable.includes(instanceId));
  const surroundings = { documents, runId: `doctor-${nowMs()}` };
  const guests: Examination[] = [];
  for (let from = 0; from < askable.length; from += atOnce) {
    const some = askable.slice(from, from + atOnce).map(async (script) => {
      const examination = await examineGuest(script, surroundings);
      tell(`  answered: ${examination.subject}`);
      return examination;
    });
    guests.push(...(await Promise.all(some)));
  }
  const functions = found.plan.hooks.filter(({ kind }) => holdsEverywhere(kind));
  const asked = await Promise.all(functions.map((hook) => examineFunction(hook, surroundings.runId)));
  return [
    plan,
    ...deployed,
    ...inRecovery.examinations,
    ...guests,
    ...asked,
    ...found.plan.hooks.filter(({ kind }) => takesArtifacts(kind)).map(untold),
    ...(await examineExports(workload)),
    ...(await examineCopies(workload, found.plan.members)),
  ];
}

async function examineFunction(hook: PlannedHook, runId: string): Promise<Examination> {
  const problem = await functionProblem(hook, runId).catch(
    (error: unknown) => asFault(error, `asking ${hook.instanceId}`).message,
  );
  const fix =
    'It must exist in this account and Region, and answer { "held": true or false } to { "action": "check" }.';
  return { subject: `lambda hook ${hook.instanceId}`, findings: problem === undefined ? [] : [{ problem, fix }] };
}

/** A hook that takes the artifacts itself cannot be asked without taking some. */
const untold = ({ kind, instanceId }: PlannedHook): Examination => ({
  subject: `${kind} hook on ${instanceId}`,
  findings: [],
  untold:
    'Only snapshots would tell. The guest needs AwsVssComponents, and the instance’s role AWSEC2VssSnapshotPolicy beside AmazonSSMManagedInstanceCore.',
});

function show(terminal: Terminal, examination: Examination): void {
  const { workload, findings, untold, notes = [], commands = [] } = examination;
  const subject = workload === undefined ? examination.subject : `${workload}, ${examination.subject}`;
  if (untold !== undefined)
    terminal.line(wrapped(`${terminal.paint('yellow', 'not told')} ${subject}: ${untold}`, '         '));
  else if (findings.length === 0) terminal.line(`${terminal.paint('green', 'fit')}      ${subject}`);
  const showCommand = (command: string) => terminal.line(foldedCommand(`         ${command}`, '           '));
  for (const { problem, fix, command } of findings) {
    terminal.line(wrapped(`${terminal.paint('red', 'problem')}  ${subject}: ${problem}`, '         '));
    if (fix !== undefined) terminal.line(wrapped(`         ${fix}`, '         '));
    if (command !== undefined) showCommand(command);
  }
  for (const note of notes) terminal.line(wrapped(`${terminal.paint('yellow', 'note')}     ${note}`, '         '));
  for (const command of commands) showCommand(command);
}
