/** Has a Redis or Valkey server on the guest save its data, and waits until that is whole. */
import { invariantBroken } from '#domain/faults.ts';
import { orPath, portPattern } from '../document.ts';
import type { HookKind } from '../hook.ts';
import { planHook } from '../plan-hook.ts';
import { volumesOf, volumesParameter } from '../volumes-parameter.ts';

const rules = {
  kind: 'redis',
  parameters: {
    port: { description: 'Of the server; of no meaning with a socket.', allowedPattern: portPattern },
    socket: { description: 'The server’s socket, or none.', allowedPattern: orPath('none') },
    passwordFile: { description: 'File with its password, or none.', allowedPattern: orPath('none') },
    volumes: volumesParameter,
  },
  deadlineSeconds: { least: 5, most: 600 },
} as const;

export const redisHook: HookKind = {
  ...rules,
  plan(hook, _workload, instances) {
    if (hook.kind !== 'redis') throw invariantBroken(`The redis hook was given a ${hook.kind} hook.`);
    const own = {
      port: String(hook.port ?? 6379),
      socket: hook.socket ?? 'none',
      passwordFile: hook.passwordFile ?? 'none',
    };
    return planHook(rules, hook, (instance) => ({ ...own, volumes: volumesOf(instance) }), instances);
  },
};
