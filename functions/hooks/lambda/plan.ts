import type { LambdaHook } from '#domain/hook.ts';
import type { PlannedHook } from '#domain/run.ts';

/** One hold of the whole application, wherever it runs: the function stands where other hooks name their instance. */
export const planLambda = ({ kind, function: name, deadlineSeconds }: LambdaHook): readonly PlannedHook[] => [
  { kind, instanceId: name, deadlineSeconds, parameters: {} },
];
