import type { Caller } from '../kernel/service.ts';
import type { Policy } from './policy.ts';

/** Who stands behind an access key. */
export interface Identity {
  readonly caller: Caller;
  /** Enforced for callers of kind `role` only. */
  readonly policies: readonly Policy[];
}

export interface Identities {
  /** Who this key belongs to. An unknown key is the operator's own. */
  resolve(accessKeyId: string): Identity;
  /** The policies of the role (or user) with this ARN; none when nobody registered it. */
  policiesOf(arn: string): readonly Policy[];
  /** Every role, once. */
  roles(): readonly Identity[];
  /** Gives an identity its access key id. A later registration of the same key wins. */
  register(accessKeyId: string, identity: Identity): void;
}

/** The account's access keys: at first every key is the operator's. */
export function createIdentities(account: string): Identities {
  const known = new Map<string, Identity>();
  const policies = new Map<string, readonly Policy[]>();
  const operator: Identity = {
    caller: { kind: 'operator', arn: `arn:aws:iam::${account}:user/operator`, name: 'operator' },
    policies: [],
  };
  return {
    resolve: (accessKeyId) => known.get(accessKeyId) ?? operator,
    roles: () => [...known.values()].filter(({ caller }) => caller.name.startsWith('role:')),
    policiesOf: (arn) => policies.get(arn) ?? [],
    register(accessKeyId, identity) {
      known.set(accessKeyId, identity);
      policies.set(identity.caller.arn, identity.policies);
    },
  };
}
