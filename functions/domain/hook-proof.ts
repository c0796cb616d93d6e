import type { Hook } from './hook.ts';
import type { Consistency } from './verdict.ts';

/** `root`: whether it vouches for an instance whose root volume is in the set too. */
interface Proof {
  readonly consistency: Consistency;
  readonly root: boolean;
}

const proofs: Readonly<Record<Hook['kind'], Proof>> = {
  'clean-up': { consistency: 'crash-consistent', root: false },
  command: { consistency: 'application-consistent', root: true },
  'ecs-service': { consistency: 'application-consistent', root: true },
  postgresql: { consistency: 'application-consistent', root: true },
  mysql: { consistency: 'application-consistent', root: true },
  redis: { consistency: 'application-consistent', root: true },
  filesystem: { consistency: 'filesystem-consistent', root: false },
  lambda: { consistency: 'application-consistent', root: true },
  services: { consistency: 'application-consistent', root: true },
  'windows-vss': { consistency: 'application-consistent', root: true },
};

const known: ReadonlyMap<string, Proof> = new Map(Object.entries(proofs));

/** Whether a kind only prepares the guest, so that there is nothing for it to hold until the release. */
export const holdsNothing = (kind: string): boolean => known.get(kind)?.consistency === 'crash-consistent';

/** Whether a kind takes the artifacts itself while it holds, and then lets go by itself: whoever begins the artifacts runs it. */
export const takesArtifacts = (kind: string): boolean => kind === 'windows-vss';

/** Whether a kind suspends the application wherever it runs, rather than what runs on one instance. */
export const holdsEverywhere = (kind: string): boolean => kind === 'lambda';

/** Whether a kind stops an ECS service: nothing on the other side remembers that it was released, or lets go at the deadline. */
export const scalesService = (kind: string): boolean => kind === 'ecs-service';

/** Whether a kind runs on no instance. */
export const runsOnNoGuest = (kind: string): boolean => holdsEverywhere(kind) || scalesService(kind);

/** Whether a kind stops what writes to managed services, wherever these run. */
export const stopsWriters = (kind: string): boolean => kind === 'command' || kind === 'services' || scalesService(kind);

/** Whether a kind runs on guests, through Systems Manager. */
export const runsOnGuests = (kind: string): boolean => !takesArtifacts(kind) && !runsOnNoGuest(kind);

/**
 * What holding still by a kind proves of the instance, once every link of the chain is there.
 * @param kind of a recorded hook: a kind that this version does not know proves nothing
 * @param includesRoot whether the instance's root volume is in the set
 */
export function hookProof(kind: string, includesRoot: boolean): Consistency {
  const proof = known.get(kind);
  return proof === undefined || (includesRoot && !proof.root) ? 'crash-consistent' : proof.consistency;
}
