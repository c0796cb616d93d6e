/**
 * CreateSnapshots takes no client token, so a repeat makes another set, or is refused for coming too soon after the first and costs the
 * night. What was taken for a run or a recovery is not asked for again.
 */
import type { CreateSnapshotsCommandInput } from '@aws-sdk/client-ec2';
import type { CallRecord } from '#simulator/kernel/call-log.ts';
import type { Scene } from './scene.ts';

export function repeatedSets({ stage, fromMs }: Scene): readonly string[] {
  const asked = stage.calls
    .of('ec2', 'CreateSnapshots')
    .filter(({ call }) => call.timeMs >= fromMs)
    .toSorted((one, other) => one.call.timeMs - other.call.timeMs);
  return [...Map.groupBy(asked, whatFor)].flatMap(([what, records]) => {
    const taken = records.find(({ errorCode }) => errorCode === undefined)?.call;
    // A request that the network delivers twice is one; a recovery that asks too soon is refused, and looks again before it goes on.
    const again = records.some(
      ({ call, errorCode }) =>
        taken !== undefined &&
        call.timeMs > taken.timeMs &&
        call.id !== taken.id &&
        (errorCode === undefined || what.startsWith('run')),
    );
    return again ? [`snapshots that had been taken were asked for again: ${what}`] : [];
  });
}

/** `run orders-db-20260115T030000Z, tier 1 of i-0d47aba5e00000001` */
function whatFor({ input }: CallRecord): string {
  // The log keeps each input as the operation's own type.
  const { InstanceSpecification, TagSpecifications } = input as CreateSnapshotsCommandInput;
  const tag = (name: string) => TagSpecifications?.[0]?.Tags?.find(({ Key }) => Key === `holdfast:${name}`)?.Value;
  const whose = tag('run') === undefined ? `recovery ${tag('recovery')}` : `run ${tag('run')}, tier ${tag('tier')}`;
  return `${whose} of ${InstanceSpecification?.InstanceId}`;
}
