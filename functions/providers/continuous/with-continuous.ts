/** Lets a kind that keeps snapshots by name also have members whose artifact is a moment of the service's own continuous backup. */
import type { Planned, Provider } from '../provider.ts';
import type { ContinuousService } from './continuous-service.ts';
import { moments } from './moments.ts';

const isMoment = (each: object): boolean => 'continuous' in each && each.continuous === true;
const momentsIn = <Each extends object>(all: readonly Each[]): readonly Each[] => all.filter(isMoment);
const copiesIn = <Each extends object>(all: readonly Each[]): readonly Each[] => all.filter((each) => !isMoment(each));

/** @param copies of the same kind */
export function withContinuous(copies: Provider, service: ContinuousService): Provider {
  const pinned = moments(copies, service);
  return {
    ...copies,
    plan: async (members, workload, others) => {
      const own = members.filter(({ kind }) => kind === service.kind);
      return both(
        await copies.plan(copiesIn(own), workload, others),
        await pinned.plan(momentsIn(own), workload, others),
      );
    },
    begin: (member, run, again) => (isMoment(member) ? pinned : copies).begin(member, run, again),
    progress: async (artifacts) => {
      const asked = [copies.progress(copiesIn(artifacts)), pinned.progress(momentsIn(artifacts))];
      const seen = new Map((await Promise.all(asked)).flat().map((artifact) => [artifact.id, artifact]));
      return artifacts.map((artifact) => seen.get(artifact.id) ?? artifact);
    },
    left: ({ plan, ...run }) =>
      copies.left({ ...run, ...(plan === undefined ? {} : { plan: { ...plan, members: copiesIn(plan.members) } }) }),
    label: (artifacts, labels) => copies.label(copiesIn(artifacts), labels),
    // It ends by itself.
    discard: async (artifact) => isMoment(artifact) || copies.discard(artifact),
  };
}

function both(one: Planned, other: Planned): Planned {
  const busy = one.busy ?? other.busy;
  return {
    members: [...one.members, ...other.members],
    ...(busy === undefined ? {} : { busy }),
    refusals: [...one.refusals, ...other.refusals],
    notes: [...(one.notes ?? []), ...(other.notes ?? [])],
    instances: [],
  };
}
