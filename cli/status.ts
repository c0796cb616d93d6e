/** `holdfast status`: how every workload and every plan of AWS Backup stands. */
import * as z from 'zod/mini';
import { askPatiently } from './ask-patiently.ts';
import { problemOf } from './aws-problems.ts';
import { type BackupPlanStanding, backupPlanStandingOf } from './backup-plan-standing.ts';
import { connect, type DeployedPolicy, type Topics } from './connect.ts';
import { type ExitCode, exitCodes } from './exit-codes.ts';
import { hearingOf, showHearing } from './hearing.ts';
import { validPolicy, workloadsOf } from './policy.ts';
import { deployedDifference, isUndeployed, showDifference } from './policy-difference.ts';
import { untouched } from './problem.ts';
import type { Shell } from './shell.ts';
import { showBackupPlanStanding } from './show-backup-plan-standing.ts';
import { showStanding } from './show-standing.ts';
import { type Standing, standingOf } from './standing.ts';
import { utc } from './times.ts';
import { wait } from './wait.ts';

const input = z.object({ workload: z.optional(z.string()), watch: z._default(z.boolean(), false) });

const redrawMs = 3000;

export async function run(typed: unknown, shell: Shell): Promise<ExitCode> {
  const { workload, watch } = z.parse(input, typed);
  if (watch) return watchStanding(shell, workload);
  const { terminal } = shell;
  const { standings, nowMs, topics, deployedPolicy } = await look(shell, workload);
  const plans = workload === undefined ? await lookAtBackupPlans(shell, nowMs) : [];
  const at = new Date(nowMs).toISOString();
  const hearing = await hearingOf(shell, workload, topics);
  const difference = deployedDifference(shell.settings, deployedPolicy, workload);
  terminal.document({
    at,
    workloads: standings,
    ...(plans.length === 0 ? {} : { plans }),
    ...hearing,
    ...difference,
  });
  showStanding(terminal, standings, nowMs);
  showDifference(terminal, shell.settings, difference.policy);
  showHearing(terminal, hearing);
  for (const plan of plans) showBackupPlanStanding(terminal, plan, nowMs);
  return exitCodes.done;
}

/** Until Ctrl-C, through times in which AWS does not answer. */
async function watchStanding(shell: Shell, workload: string | undefined): Promise<ExitCode> {
  const { terminal } = shell;
  const stop = new AbortController();
  const ignore = terminal.onInterrupt(() => stop.abort());
  const { signal } = stop;
  const tell = (detail: string) => {
    terminal.event({ event: 'progress', detail });
    terminal.line(detail);
  };
  while (!signal.aborted) {
    const found = await askPatiently(() => look(shell, workload), { tell, signal });
    if (found === undefined) break;
    const difference = deployedDifference(shell.settings, found.deployedPolicy, workload);
    terminal.event({ at: new Date(found.nowMs).toISOString(), workloads: found.standings, ...difference });
    if (terminal.interactive) terminal.clear();
    terminal.line(`${utc(found.nowMs)}  (Ctrl-C ends watching)\n`);
    showStanding(terminal, found.standings, found.nowMs);
    showDifference(terminal, shell.settings, difference.policy);
    await wait(redrawMs, signal);
  }
  ignore();
  return exitCodes.notWatching;
}

interface Look {
  readonly standings: readonly Standing[];
  readonly nowMs: number;
  readonly topics: Topics;
  readonly deployedPolicy: DeployedPolicy;
}

async function look({ settings }: Shell, name: string | undefined): Promise<Look> {
  const file = validPolicy(settings.policy).policy;
  const workloads = workloadsOf(file, name, settings.policy);
  const { nowMs: clock, topics, deployedPolicy } = await connect(settings);
  const nowMs = clock();
  const { policy } = deployedDifference(settings, deployedPolicy, name);
  try {
    const found = await Promise.all(workloads.map((each) => standingOf(each, file, nowMs)));
    const standings = found.map((each) => (isUndeployed(policy, each.workload) ? withoutNextRun(each) : each));
    return { standings, nowMs, topics, deployedPolicy };
  } catch (error) {
    throw problemOf(error, untouched);
  }
}

/** What is not deployed is never due. */
const withoutNextRun = ({ nextRunAt, ...standing }: Standing): Standing => standing;

/** Of the account's tags, vaults and jobs: too much to ask for every three seconds. */
async function lookAtBackupPlans({ settings }: Shell, nowMs: number): Promise<readonly BackupPlanStanding[]> {
  const { plans = [] } = validPolicy(settings.policy).policy;
  try {
    return await Promise.all(plans.map((plan) => backupPlanStandingOf(plan, nowMs)));
  } catch (error) {
    throw problemOf(error, untouched);
  }
}
