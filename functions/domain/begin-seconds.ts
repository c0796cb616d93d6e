/** How long beginning the artifacts may take. */
import { takesArtifacts } from './hook-proof.ts';

/** While guests wait for their release: two attempts fit into the shortest default deadline. */
const heldSeconds = 12;
/** Of a hook that takes the artifacts itself: looking for what an earlier attempt left, and for what it has taken. */
const lookupSeconds = 30;

/** What a hook says of it, in a policy or in a plan. */
interface Timed {
  readonly kind: string;
  readonly deadlineSeconds: number;
}

/** @param hooks of one run, or of all workloads: then what the longest needs */
export const beginSeconds = (hooks: readonly Timed[]): number =>
  Math.max(
    heldSeconds,
    ...hooks.flatMap(({ kind, deadlineSeconds }) => (takesArtifacts(kind) ? [deadlineSeconds + lookupSeconds] : [])),
  );
