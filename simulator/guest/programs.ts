import type { Guest, ProgramResult } from './guest.ts';
import { runCleanUpHook } from './programs/clean-up-hook.ts';
import { runCommandHook } from './programs/command-hook.ts';
import { databaseHook } from './programs/database-hook.ts';
import { runFilesystemHook } from './programs/filesystem-hook.ts';
import { runPromote } from './programs/promote.ts';
import { runServicesHook } from './programs/services-hook.ts';
import { runVerify } from './programs/verify.ts';

/** The TypeScript model of a script that the product runs in guests: same parameters, same answers, in virtual time. */
export type ScriptModel = (guest: Guest, parameters: Readonly<Record<string, string>>) => Promise<ProgramResult>;

/** Marker in a script's first comment lines (`# holdfast-guest: <marker>`) -> its model. */
const SCRIPTS: Readonly<Record<string, ScriptModel>> = {
  'filesystem-hook': runFilesystemHook,
  'command-hook': runCommandHook,
  'postgresql-hook': databaseHook('postgresql-hook', 'PostgreSQL (simulated): checkpoint, then frozen'),
  'mysql-hook': databaseHook('mysql-hook', 'MySQL (simulated): BACKUP STAGE BLOCK_COMMIT'),
  'redis-hook': databaseHook('redis-hook', 'Redis (simulated): saved'),
  'services-hook': runServicesHook,
  'clean-up-hook': runCleanUpHook,
  promote: runPromote,
  verify: runVerify,
  doctor: runDoctor,
};

/** Several scripts in one document, which is never told to do anything but look. */
function runDoctor(guest: Guest, parameters: Readonly<Record<string, string>>): Promise<ProgramResult> {
  const { kind = '' } = parameters;
  const model = SCRIPTS[kind] ?? SCRIPTS[`${kind}-hook`];
  if (!model) {
    throw new Error(`simulated guests have no model of a doctor of ${kind}`);
  }
  return model(guest, { ...parameters, action: 'doctor' });
}

/** The marker of a script, or undefined when it has none. */
export function markerOf(script: string): string | undefined {
  return /^\s*# holdfast-guest: ([a-z0-9-]+)\s*$/m.exec(script)?.[1];
}

/** The model of a marked script. Throws for scripts that nobody has modelled: a guest here cannot run a shell. */
export function scriptModel(script: string): ScriptModel {
  const marker = markerOf(script);
  const model = marker !== undefined && Object.hasOwn(SCRIPTS, marker) ? SCRIPTS[marker] : undefined;
  if (!model) {
    throw new Error(
      `simulated guests have no model of this script (marker: ${marker ?? 'none'}); known: ${Object.keys(SCRIPTS).join(', ')}`,
    );
  }
  return model;
}
