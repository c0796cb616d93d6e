import type { Hook } from './hook.ts';
import type { Consistency } from './verdict.ts';

/** `root`: whether it vouches for an instance whose root volume is in the set too. */
interface Proof {
  readonly consistency: Consistency;
  readonly root: boolean;
}

const proofs: Readonly<Record<Hook['kind'], Proof>> = {
  command: { consistency: 'application-consistent', root: true },
  postgresql: { consistency: 'application-consistent', root: true },
  mysql: { consistency: 'application-consistent', root: true },
  redis: { consistency: 'application-consistent', root: true },
  filesystem: { consistency: 'filesystem-consistent', root: false },
};

/**
 * What holding still by a kind proves of the instance, once every link of the chain is there.
 * @param kind of a recorded hook: a kind that this version does not know proves nothing
 * @param includesRoot whether the instance's root volume is in the set
 */
export function hookProof(kind: string, includesRoot: boolean): Consistency {
  const proof = new Map<string, Proof>(Object.entries(proofs)).get(kind);
  return proof === undefined || (includesRoot && !proof.root) ? 'crash-consistent' : proof.consistency;
}
