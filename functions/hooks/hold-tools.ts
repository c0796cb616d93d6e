import type { PlannedHook } from '#domain/run.ts';
import { ssm } from '#platform/clients/ssm.ts';
import { documentName } from '#platform/environment.ts';
import { askEcsService } from './ecs-service/ask-ecs-service.ts';
import { type GuestOutcome, type GuestTools, type Pace, runOnGuest } from './guest.ts';
import { askFunction } from './lambda/ask-function.ts';

/** What quiescing and releasing need of the world around. */
export interface HoldTools extends GuestTools {
  /** Name of a hook kind's document. */
  documentName(kind: string): string;
}

/** As deployed: the client and the names of the function's environment. */
export const deployedTools = (): HoldTools => ({ ssm: ssm(), documentName });

export interface HoldContext<Tools extends HoldTools = HoldTools> {
  readonly runId: string;
  /** When the answer is due, our clock, epoch ms. */
  readonly endsAtMs: number;
  readonly tools: Tools;
}

/** @throws what `runOnGuest` throws */
export function askHook(
  action: 'quiesce' | 'release',
  hook: PlannedHook,
  { runId, endsAtMs, tools }: HoldContext,
  pace: Pace = 'hurried',
): Promise<GuestOutcome> {
  const { kind, instanceId, deadlineSeconds } = hook;
  if (kind === 'lambda') return askFunction(action, hook, { runId, endsAtMs });
  if (kind === 'ecs-service') return askEcsService(action, hook, endsAtMs);
  return runOnGuest(
    {
      documentName: tools.documentName(kind),
      instanceId,
      parameters: { action, run: runId, deadlineSeconds: String(deadlineSeconds), ...hook.parameters },
      timeoutSeconds: Math.max(0, (endsAtMs - Date.now()) / 1000),
      pace,
    },
    tools,
  );
}

/** Why there is no report as was hoped for, in a sentence. */
export function problemOf(outcome: GuestOutcome): string {
  if (outcome.kind === 'report') return `The guest reports "${outcome.report.result}".`;
  if (outcome.kind === 'failed')
    return `The guest script ended with ${outcome.exitCode}: ${outcome.stderr.slice(0, 1000)}`;
  return outcome.problem;
}

/** Positions in `hooks`, by instance, in order. */
export function byInstance(hooks: readonly PlannedHook[]): readonly (readonly number[])[] {
  const positions = new Map<string, number[]>();
  for (const [index, { instanceId }] of hooks.entries()) {
    positions.set(instanceId, [...(positions.get(instanceId) ?? []), index]);
  }
  return [...positions.values()];
}
