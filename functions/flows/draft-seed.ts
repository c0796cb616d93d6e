/** The point that a recovery from files in S3 uses: there is none in the ledger, so it is made up of what the files and the present cache tell. */
import { invalidRequest } from '#domain/faults.ts';
import type { Point } from '#domain/point.ts';
import type { ManagedMember, Workload } from '#domain/policy.ts';
import type { RecoveryRequest } from '#domain/recovery.ts';
import { livePoints } from '#domain/retention.ts';
import { pointsOf } from '#ledger/points.ts';
import { faultWhile } from '#platform/aws-errors.ts';
import { restorerOf } from '#providers/restorers.ts';

export interface SeedDraft {
  readonly point: Point;
  readonly refusals: readonly string[];
}

/** @throws InvalidRequest when it is not known which cache is meant, or something else is asked for besides */
export async function draftSeed(
  workload: Workload,
  request: RecoveryRequest,
  files: readonly string[],
): Promise<SeedDraft> {
  refuseOthers(request);
  const member = seededOf(workload);
  const artifacts = livePoints(await pointsOf(workload.name)).flatMap((point) => point.artifacts);
  const known = artifacts.find(({ kind, source }) => kind === member.kind && source === member.resource);
  const seeded = await restorerOf(member.kind)
    .seed?.(member, files, known)
    .catch(faultWhile(`looking at the files for ${member.kind} ${member.resource}`));
  if (seeded === undefined) throw invalidRequest(`A ${member.kind} is not made from files.`);
  const { artifact, refusals } = seeded;
  const verdict = {
    consistency: 'crash-consistent',
    evidence: ['Its data is of files that somebody has put there: nothing is known of what held still.'],
  } as const;
  const { id, startedAt } = artifact;
  const point = {
    id,
    workload: workload.name,
    takenAt: startedAt,
    sealedAt: startedAt,
    artifacts: [artifact],
    verdict,
  };
  return { point, refusals };
}

function refuseOthers({ point, before, toInstance, volumes, replace }: RecoveryRequest): void {
  const others = { point, before, 'to-instance': toInstance, volume: volumes, replace };
  const given = Object.entries(others).flatMap(([flag, value]) => (value === undefined ? [] : [`--${flag}`]));
  if (given.length > 0)
    throw invalidRequest(`--rdb brings back files instead of a point: leave out ${given.join(', ')}.`);
}

function seededOf({ name, members }: Workload): ManagedMember {
  const seeded = members.flatMap((member) => ('resource' in member && member.seed !== undefined ? [member] : []));
  const [first, ...others] = seeded;
  if (first === undefined) {
    throw invalidRequest(
      `No member of ${name} may be made from files: say seed: { bucket: … } at its cache in the policy, and deploy.`,
    );
  }
  if (others.length === 0) return first;
  const names = seeded.map(({ resource }) => resource).join(', ');
  throw invalidRequest(
    `Several caches of ${name} may be made from files (${names}): leave seed at the one that is meant.`,
  );
}
