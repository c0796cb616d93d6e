/** How far snapshots are, in pages. */
import type { Snapshot } from '@aws-sdk/client-ec2';
import type { Artifact } from '#domain/artifact.ts';
import { snapshotsById } from './describe.ts';

/** A new snapshot may be invisible for a while; only after this does its absence mean that it is gone. */
const visibleAfterMs = 300_000;

export async function progress(artifacts: readonly Artifact[]): Promise<readonly Artifact[]> {
  const snapshots = await snapshotsById(artifacts.map(({ id }) => id));
  return artifacts.map((artifact) => seen(artifact, snapshots.get(artifact.id)));
}

function seen(artifact: Artifact, snapshot: Snapshot | undefined): Artifact {
  if (snapshot === undefined) {
    const isYoung = Date.now() - Date.parse(artifact.startedAt) < visibleAfterMs;
    return isYoung ? artifact : { ...artifact, state: 'gone', problem: `${artifact.id} does not exist any more` };
  }
  return {
    ...artifact,
    state: stateOf(snapshot),
    ...(snapshot.Progress ? { progress: snapshot.Progress } : {}),
    ...problemOf(snapshot),
  };
}

export const problemOf = ({ State, StateMessage }: Snapshot): { readonly problem?: string } =>
  State === 'error' ? { problem: StateMessage || 'EC2 reports the snapshot in error, without a reason' } : {};

/** Only `completed` can be restored from; `recoverable` and `recovering` are states of the Recycle Bin. */
export function stateOf({ State }: Snapshot): Artifact['state'] {
  if (State === 'completed' || State === 'error' || State === 'pending') return State;
  return 'gone';
}
