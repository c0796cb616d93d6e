/** Every way of holding a guest still by a script in it; `plan-hooks.ts` knows the others. A new one is a folder and a line here. */
import { invariantBroken } from '#domain/faults.ts';
import { cleanUpHook } from './clean-up/hook.ts';
import { commandHook } from './command/hook.ts';
import { filesystemHook } from './filesystem/hook.ts';
import type { HookKind } from './hook.ts';
import { mysqlHook } from './mysql/hook.ts';
import { postgresqlHook } from './postgresql/hook.ts';
import { redisHook } from './redis/hook.ts';
import { servicesHook } from './services/hook.ts';

export const hookKinds: readonly HookKind[] = [
  filesystemHook,
  commandHook,
  postgresqlHook,
  mysqlHook,
  redisHook,
  servicesHook,
  cleanUpHook,
];

/** @throws InvariantBroken for a kind that no folder knows: the policy's schema should have refused it */
export function hookOf(kind: string): HookKind {
  const found = hookKinds.find((candidate) => candidate.kind === kind);
  if (found === undefined) throw invariantBroken(`There is no ${kind} hook.`);
  return found;
}
