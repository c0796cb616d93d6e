/** What is true of each kind of member, whatever provider serves it: the kinds are the folders in `kinds`. */
import { facts } from './kinds/facts.generated.ts';
import type { KindFacts } from './kinds/kind-facts.ts';

export type MemberKind = keyof typeof facts;

/** Kinds whose members are resources of a managed service, each by its own name. */
export type ManagedKind = {
  [Kind in MemberKind]: (typeof facts)[Kind] extends { readonly ofInstances: true } ? never : Kind;
}[MemberKind];

const known: Readonly<Record<string, KindFacts>> = facts;

export const memberKinds = /* @__PURE__ */ Object.keys(facts) as readonly MemberKind[]; // a literal's own keys

export const kindFacts = (kind: MemberKind): KindFacts => facts[kind];

/** @returns ms; so long must a workload have been held still before an artifact of the kind is begun */
export const reachesBackMs = (kind: string): number => known[kind]?.reachesBackMs ?? 0;

/** Whether what was planned or made of the kind is named by an instance. */
export const isOfInstances = (kind: string): boolean => known[kind]?.ofInstances ?? false;

/** @param member as typed or as planned */
export function roleOf({
  kind,
  resource,
}: {
  readonly kind: MemberKind;
  readonly resource?: string;
}): KindFacts['role'] {
  const { role, roleOf: ofResource } = kindFacts(kind);
  return (resource === undefined ? undefined : ofResource?.(resource)) ?? role;
}
