/** Which alarms of CloudWatch watch the members of a run: kept with each member, since its recovery may make what none of them knows. */
import type { PlannedMember } from '#domain/run.ts';
import { asFault } from '#platform/aws-errors.ts';
import { cloudwatch, type MetricAlarm } from '#platform/clients/cloudwatch.ts';
import type { Provider } from '../provider.ts';
import type { WatchingAlarm } from './told.ts';

/** A member's own, at most: what is kept of a run has an end. */
const mostAlarms = 100;

/** Application Auto Scaling makes these anew for what it is told to scale. */
const isOfScaling = ({ name }: MetricAlarm): boolean => name.startsWith('TargetTracking-');

interface Watched {
  readonly members: readonly PlannedMember[];
  /** Why nobody knows, a sentence, or none: no reason to have no backup. */
  readonly notes: readonly string[];
}

/** One listing a run, and none where no alarm could be meant. */
export async function withAlarms(members: readonly PlannedMember[], providers: readonly Provider[]): Promise<Watched> {
  const measured = new Map(
    providers.flatMap(({ kind, isMeasured }) => (isMeasured === undefined ? [] : [[kind as string, isMeasured]])),
  );
  if (!members.some(({ kind }) => measured.has(kind))) return { members, notes: [] };
  const read = await cloudwatch()
    .metricAlarms()
    .catch((error: unknown) => asFault(error, 'listing alarms of CloudWatch').message);
  if (typeof read === 'string') {
    return {
      members,
      notes: [`Which alarms watch what is backed up is not known, and its recovery cannot tell. ${read}`],
    };
  }
  const alarms = read.filter((alarm) => !isOfScaling(alarm));
  return {
    members: members.map((member) => {
      const isMeasured = measured.get(member.kind);
      if (isMeasured === undefined) return member;
      const own = alarms.flatMap((alarm) => watchedBy(alarm, (name, value) => isMeasured(member, name, value)));
      return { ...member, detail: { ...member.detail, alarms: own.slice(0, mostAlarms) } };
    }),
    notes: [],
  };
}

function watchedBy(
  { name, dimensions }: MetricAlarm,
  isMeant: (name: string, value: string) => boolean,
): readonly WatchingAlarm[] {
  const meant = dimensions.find(({ Name, Value }) => isMeant(Name, Value));
  return meant === undefined ? [] : [{ name, of: meant.Value }];
}
