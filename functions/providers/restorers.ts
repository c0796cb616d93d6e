/** Every resource kind that can be brought back: apart from `index.ts`, so that a backup step does not carry what only recoveries need. */
import { invariantBroken } from '#domain/faults.ts';
import type { MemberKind } from '#domain/member-kinds.ts';
import type { Restorer } from './restorer.ts';
import { restorers as ofKinds } from './restorers.generated.ts';

const byKind: Readonly<Record<MemberKind, Restorer>> = ofKinds;
const restorers: Readonly<Record<string, Restorer>> = byKind;

export function restorerOf(kind: string): Restorer {
  const restorer = restorers[kind];
  if (restorer === undefined) throw invariantBroken(`No restorer of kind ${kind}.`);
  return restorer;
}
