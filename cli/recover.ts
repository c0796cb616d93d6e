/** `holdfast recover`: shows the plan, asks, brings a point back, and watches. */
import * as z from 'zod/mini';
import type { RecoveryRequest } from '#domain/recovery.ts';
import { recoverAgain } from '#domain/recovery-words.ts';
import { startExecution } from '#platform/executions.ts';
import { beginOnce } from './begin-once.ts';
import { callerArn } from './caller.ts';
import { confirm } from './confirm.ts';
import { type Connection, connect } from './connect.ts';
import { type ExitCode, exitCodes } from './exit-codes.ts';
import { knownWorkload } from './policy.ts';
import { remarkDifference } from './policy-difference.ts';
import { Problem, untouched } from './problem.ts';
import { whatComes } from './recovery-phases.ts';
import { type Rehearsal, rehearseRecovery } from './rehearse-recovery.ts';
import type { Shell } from './shell.ts';
import { showRehearsal } from './show-rehearsal.ts';
import type { Terminal } from './terminal.ts';
import { stamp } from './times.ts';
import { undoRecovery } from './undo-recovery.ts';
import { watchRecovery } from './watch-recovery.ts';

const input = z.object({
  workload: z.string(),
  point: z.optional(z.string()),
  before: z.optional(z.string()),
  toInstance: z.optional(z.string()),
  volume: z.optional(z.array(z.string())),
  replace: z._default(z.boolean(), false),
  rdb: z.optional(z.array(z.string())),
  reason: z.optional(z.string()),
  undo: z._default(z.boolean(), false),
  dryRun: z._default(z.boolean(), false),
  yes: z._default(z.boolean(), false),
});
type Input = z.infer<typeof input>;

export async function run(typed: unknown, shell: Shell): Promise<ExitCode> {
  const wanted = z.parse(input, typed);
  const { terminal, settings } = shell;
  if (!wanted.dryRun && !wanted.yes && !terminal.interactive) throw nobodyToAsk(wanted.workload);
  if (wanted.undo) return undoRecovery(shell, wanted);
  const connection = await connect(settings);
  remarkDifference(shell, connection.deployedPolicy, wanted.workload);
  const request = requestOf(wanted, await callerArn());
  terminal.remark(`Planning the recovery of ${wanted.workload}: a dry run in AWS, which changes nothing ...`);
  const rehearsal = await rehearse(connection, request);
  await showRehearsal(terminal, rehearsal, { request, nowMs: connection.nowMs(), calls: callsFor(wanted) });
  if (wanted.dryRun) return afterDryRun(terminal, request, rehearsal);
  if (!wanted.yes) await confirm(terminal, wanted.workload, whatComes(rehearsal.kinds, wanted.replace));
  const rtoMinutes = knownWorkload(settings.policy, wanted.workload)?.objectives.rtoMinutes;
  // From here on Ctrl-C cannot call the recovery back, so it must not leave the operator without a word.
  const stop = new AbortController();
  terminal.onInterrupt(() => stop.abort());
  const id = await start(terminal, connection, pinned(request, rehearsal), stop.signal);
  terminal.event({ event: 'begun', recoveryId: id });
  const followed = { machineArn: connection.recoverMachine, workload: wanted.workload, id };
  return watchRecovery(terminal, followed, stop.signal, rtoMinutes);
}

/** In full for whoever wants to look; as many lines as there are calls for whoever is asked in a hurry; none where nobody is. */
const callsFor = ({ dryRun, yes }: Input) => (dryRun ? 'full' : yes ? 'none' : 'short');

const nobodyToAsk = (workload: string) =>
  new Problem({
    exitCode: exitCodes.refused,
    what: `A recovery of ${workload} changes what it works with, and there is nobody to ask: this is not a terminal.`,
    safe: untouched,
    next: `Give --yes, or look first: npx holdfast recover ${workload} --dry-run`,
  });

function requestOf(
  { workload, point, before, toInstance, volume, replace, rdb, reason }: Input,
  requestedBy: string,
): RecoveryRequest {
  return {
    workload,
    requestedBy,
    ...(point === undefined ? {} : { point }),
    ...(before === undefined ? {} : { before: new Date(before).toISOString() }),
    ...(toInstance === undefined ? {} : { toInstance }),
    ...(volume === undefined ? {} : { volumes: volume }),
    ...(replace ? { replace } : {}),
    ...(rdb === undefined ? {} : { rdb }),
    ...(reason === undefined ? {} : { reason }),
  };
}

const rehearse = ({ recoverMachine, nowMs }: Connection, request: RecoveryRequest): Promise<Rehearsal> =>
  rehearseRecovery(recoverMachine, `${request.workload}-plan-${stamp(nowMs())}`, request);

/** What was shown is what is done: `latest` must not become another point between the plan and the confirmation. Files are no point. */
function pinned({ before, ...request }: RecoveryRequest, { point }: Rehearsal): RecoveryRequest {
  return request.rdb === undefined ? { ...request, point } : request;
}

/** By a name that makes it happen once. */
async function start(
  terminal: Terminal,
  { recoverMachine, nowMs }: Connection,
  request: RecoveryRequest,
  signal: AbortSignal,
): Promise<string> {
  const { workload } = request;
  const id = `${workload}-recover-${stamp(nowMs())}`;
  const beginning = { what: `the recovery ${id}`, next: `npx holdfast status ${workload}`, signal };
  await beginOnce(terminal, beginning, () => startExecution(recoverMachine, id, request));
  return id;
}

function afterDryRun(terminal: Terminal, request: RecoveryRequest, { point }: Rehearsal): ExitCode {
  terminal.line(`This was a dry run: ${untouched.toLowerCase()} To do it:`);
  terminal.line(`    npx holdfast ${recoverAgain(request, point)}`);
  return exitCodes.done;
}
