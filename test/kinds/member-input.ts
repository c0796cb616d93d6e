import type { MemberKind } from '#domain/member-kinds.ts';
import type { PolicyInput } from '#domain/policy-schema.ts';

/** A member of one kind, as a CDK user types it. */
export type MemberInput<Kind extends MemberKind = MemberKind> = Extract<
  PolicyInput['workloads'][string]['members'][number],
  { readonly kind: Kind }
>;
