/**
 * A function of the owner's that suspends and resumes an application in whatever way it knows (HTTP, an ECS service's desired count, a queue). It
 * answers at once with what is so now, and is asked again until what was wanted is so: `{ action, run, deadlineSeconds }` →
 * `{ held, wasHeld? }`.
 */
import * as z from 'zod/mini';
import type { PlannedHook } from '#domain/run.ts';
import { lambda } from '#platform/clients/lambda.ts';
import { parsedJson } from '#platform/parsed-json.ts';
import type { GuestOutcome } from '../guest.ts';
import { lookUntil } from '../look-until.ts';

/** `wasHeld`: of a release, whether it was still holding until then. */
const answer = z.object({ held: z.boolean(), wasHeld: z.optional(z.boolean()) });
type Answer = z.infer<typeof answer>;

const pauseMs = 3000;

interface Asking {
  readonly runId: string;
  /** When the answer is due, epoch ms. */
  readonly endsAtMs: number;
}

/** @throws what the client throws when Lambda refuses the call or gives no reply */
export async function askFunction(
  action: 'quiesce' | 'release',
  hook: PlannedHook,
  { runId, endsAtMs }: Asking,
): Promise<GuestOutcome> {
  let first: Answer | { readonly problem: string } | undefined;
  const outcome = await lookUntil<GuestOutcome>(endsAtMs, pauseMs, async () => {
    const told = await invoke(hook, first === undefined ? action : 'check', runId);
    first ??= told;
    if ('problem' in told) return { kind: 'unknown', problem: told.problem };
    if (told.held !== (action === 'quiesce')) return undefined;
    return { kind: 'report', report: reportOf(action, hook, first) };
  });
  const still = action === 'quiesce' ? 'does not hold' : 'holds';
  return outcome ?? { kind: 'unknown', problem: `The function ${hook.instanceId} still answers that it ${still}.` };
}

function reportOf(action: 'quiesce' | 'release', hook: PlannedHook, first: Answer | { readonly problem: string }) {
  const at = Date.now();
  if (action === 'quiesce') return { result: 'quiesced', at, until: at + hook.deadlineSeconds * 1000 } as const;
  const by = 'wasHeld' in first && first.wasHeld === false ? 'none' : 'release';
  return { result: 'released', at, heldSince: null, by } as const;
}

/** Whether the function can be asked, and understands. @returns a sentence when not */
export async function functionProblem(hook: PlannedHook, runId: string): Promise<string | undefined> {
  const told = await invoke(hook, 'check', runId);
  return 'problem' in told ? told.problem : undefined;
}

async function invoke(
  { instanceId: name, deadlineSeconds }: PlannedHook,
  action: 'quiesce' | 'release' | 'check',
  run: string,
): Promise<Answer | { readonly problem: string }> {
  const payload = await lambda().invoke(name, { action, run, deadlineSeconds });
  const parsed = z.safeParse(answer, parsedJson(payload));
  if (parsed.success) return parsed.data;
  return { problem: `The function ${name} answered ${payload.slice(0, 500)}, which is not { "held": true or false }.` };
}
