/**
 * Moments of a continuous backup as artifacts. Nothing is made: a moment is pinned while all is held still, and can be brought back once
 * the service has stored its logs, minutes later. So there is nothing to find again, to label or to delete.
 */
import type { Artifact } from '#domain/artifact.ts';
import { invariantBroken } from '#domain/faults.ts';
import type { Workload } from '#domain/policy.ts';
import type { PlannedMember } from '#domain/run.ts';
import { faultWhile } from '#platform/aws-errors.ts';
import type { Planned, Provider, RunTags } from '../provider.ts';
import { type BackedUp, type ContinuousService, isBackedUp, momentOf } from './continuous-service.ts';
import { readinessOf, standingOf } from './standing.ts';

/** @param copies of the same kind: whoever can be copied can be planned */
export const moments = (
  copies: Provider,
  service: ContinuousService,
): Pick<Provider, 'plan' | 'begin' | 'progress'> => ({
  plan: async (members, workload, others) => planned(service, await copies.plan(members, workload, others), workload),
  begin: async (member, run) => [pin(member, run)],
  progress: (artifacts) => standings(service, artifacts),
});

/** Settings and refusals are those of a copy; only that the service is at work on the resource does not matter. */
async function planned(
  service: ContinuousService,
  { busy: _, ...copied }: Planned,
  workload: Workload,
): Promise<Planned> {
  const looked = await Promise.all(copied.members.map((member) => examine(service, member, workload)));
  const busy = looked.find((each) => each.busy !== undefined)?.busy;
  return {
    ...copied,
    members: looked.map(({ member }) => member),
    ...(busy === undefined ? {} : { busy }),
    refusals: [...copied.refusals, ...looked.flatMap(({ refusals }) => refusals)],
  };
}

async function examine(service: ContinuousService, member: PlannedMember, workload: Workload) {
  const { resource, detail } = member;
  const doing = `looking at the continuous backup of ${service.kind} ${resource}`;
  // What does not exist has no settings, and is refused already.
  const isThere = Object.keys(detail).length > 0;
  const window = isThere ? await service.look(resource).catch(faultWhile(doing)) : undefined;
  const backedUp: BackedUp = { id: window?.id ?? '', name: resource };
  return {
    member: { ...member, continuous: true as const, detail: { ...detail, backedUp } },
    ...(isThere ? readinessOf(service, resource, window, workload, Date.now()) : { refusals: [] }),
  };
}

/** By the plan and the run's times alone, so that every attempt pins the same. */
function pin({ kind, resource, tier, detail }: PlannedMember, { momentAt }: RunTags): Artifact {
  const { backedUp, ...settings } = detail;
  if (!isBackedUp(backedUp)) throw invariantBroken(`The plan does not say whose continuous backup ${resource} is.`);
  return {
    ...{ kind, id: `${backedUp.id}@${momentAt}`, source: resource, tier, state: 'pending', continuous: true },
    ...{ startedAt: momentAt, cut: { lower: momentAt, upper: momentAt } },
    detail: { ...settings, moment: { ...backedUp, at: momentAt } },
  };
}

/** One question a resource, however many of its moments are asked for. */
async function standings(service: ContinuousService, artifacts: readonly Artifact[]): Promise<readonly Artifact[]> {
  const known = artifacts.flatMap((artifact) => {
    const moment = momentOf(artifact.detail);
    return moment === undefined ? [] : [{ artifact, moment }];
  });
  const asked = [...Map.groupBy(known, ({ moment }) => moment.id).values()].map(async (some) => {
    const window = await find(service, some[0]?.moment);
    return some.map(({ artifact, moment }) => ({ ...artifact, ...standingOf(service.kind, moment, window) }));
  });
  return (await Promise.all(asked)).flat();
}

const find = async ({ kind, find: ask }: ContinuousService, of: BackedUp | undefined) =>
  of && ask(of).catch(faultWhile(`asking for the continuous backup of ${kind} ${of.name}`));
