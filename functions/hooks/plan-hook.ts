/** What every kind does the same when it plans: one hook on each instance, parameters checked as SSM will. */
import { invalidRequest } from '#domain/faults.ts';
import type { GuestInstance } from '#domain/guest-instance.ts';
import type { Hook } from '#domain/hook.ts';
import type { PlannedHook } from '#domain/run.ts';
import type { HookKind } from './hook.ts';

type Rules = Pick<HookKind, 'kind' | 'parameters' | 'deadlineSeconds'>;

/** @throws InvalidRequest when a parameter or the deadline is not one that the guest document takes */
export function planHook(
  rules: Rules,
  hook: Hook,
  parametersOf: (instance: GuestInstance) => Readonly<Record<string, string>>,
  instances: readonly GuestInstance[],
): readonly PlannedHook[] {
  checkDeadline(rules, hook.deadlineSeconds);
  return instances.map((instance) => {
    const parameters = parametersOf(instance);
    for (const [name, value] of Object.entries(parameters)) checkParameter(rules, name, value);
    return { kind: rules.kind, instanceId: instance.instanceId, deadlineSeconds: hook.deadlineSeconds, parameters };
  });
}

function checkDeadline({ kind, deadlineSeconds: { least, most } }: Rules, seconds: number): void {
  if (Number.isInteger(seconds) && seconds >= least && seconds <= most) return;
  throw invalidRequest(
    `A ${kind} hook's deadlineSeconds must be a whole number from ${least} to ${most}, not ${seconds}.`,
  );
}

function checkParameter({ kind, parameters }: Rules, name: string, value: string): void {
  const pattern = parameters[name]?.allowedPattern;
  if (pattern === undefined || new RegExp(pattern).test(value)) return;
  throw invalidRequest(`A ${kind} hook cannot take ${JSON.stringify(value)} as ${name}: it must match ${pattern}.`);
}
