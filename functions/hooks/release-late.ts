import { runsOnNoGuest } from '#domain/hook-proof.ts';
import type { PlannedHook } from '#domain/run.ts';
import { askHook, deployedTools } from './hold-tools.ts';

/**
 * Lets go again what was quiesced while somebody released the run. A guest remembers that it was released, and refuses to hold after that;
 * where there is none, whoever quiesces looks once more when it has.
 * @throws what the clients throw
 */
export async function releaseLate(hooks: readonly PlannedHook[], runId: string, budgetMs: number): Promise<void> {
  const context = { runId, endsAtMs: Date.now() + budgetMs, tools: deployedTools() };
  const asked = hooks.filter(({ kind }) => runsOnNoGuest(kind)).map((hook) => askHook('release', hook, context));
  await Promise.all(asked);
}
