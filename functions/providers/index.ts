/** Every resource kind that Holdfast can back up: each is a folder beside this file, found by `npm run kinds`. */
import type { Artifact } from '#domain/artifact.ts';
import { invariantBroken } from '#domain/faults.ts';
import type { MemberKind } from '#domain/member-kinds.ts';
import type { Policy } from '#domain/policy.ts';
import type { Provider } from './provider.ts';
import { providers as ofKinds } from './providers.generated.ts';

// Of all kinds so far, only snapshots are limited by what is pending.
export { completionSeconds } from './ebs/completion.ts';
export { pendingPerRegion } from './ebs/limits.ts';
export { regionSlots } from './ebs/region.ts';

const byKind: Readonly<Record<MemberKind, Provider>> = ofKinds;

/** Of every kind. */
export const providers: readonly Provider[] = Object.values(byKind);

/** Asks AWS for the present state of artifacts of whatever kinds; a missing one comes back as `gone`. */
export async function progressOf(artifacts: readonly Artifact[]): Promise<readonly Artifact[]> {
  const kinds = Map.groupBy(artifacts, ({ kind }) => kind);
  return (await Promise.all([...kinds].map(([kind, some]) => providerOf(kind).progress(some)))).flat();
}

/** Of the kinds that these workloads have members of, in the policy's order: the roles know no others. */
export const providersFor = (workloads: Policy['workloads']): readonly Provider[] => {
  const kinds = new Set(workloads.flatMap(({ members }) => members.map(({ kind }) => kind)));
  return [...kinds].map((kind) => byKind[kind]);
};

export function providerOf(kind: string): Provider {
  const provider = providers.find((each) => each.kind === kind);
  if (provider === undefined) throw invariantBroken(`No provider of kind ${kind}.`);
  return provider;
}
