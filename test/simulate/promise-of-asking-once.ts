/**
 * CreateSnapshots takes no client token, so a repeat makes another set, or is refused for coming too soon after the first and costs the
 * night. What was taken for a run or a recovery is not asked for again. A guest that takes them itself is asked by a command, which has no
 * token either.
 */
import type { CreateSnapshotsCommandInput } from '@aws-sdk/client-ec2';
import type { CallRecord } from '#simulator/kernel/call-log.ts';
import type { Scene } from './scene.ts';

export function repeatedSets({ stage, fromMs }: Scene): readonly string[] {
  const calls = [...stage.calls.of('ec2', 'CreateSnapshots'), ...stage.calls.of('ssm', 'SendCommand')];
  const asked = calls
    .filter(({ call }) => call.timeMs >= fromMs && !call.caller.name.startsWith('instance:'))
    .filter(({ call, input }) => call.service === 'ec2' || Object(input).DocumentName === vssDocument)
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

const vssDocument = 'AWSEC2-CreateVssSnapshot';

/** `run orders-db-20260115T030000Z, tier 1 of i-0d47aba5e00000001` */
function whatFor({ call, input }: CallRecord): string {
  if (call.service === 'ssm') return `run ${Object(input).Comment} of ${Object(input).InstanceIds}`;
  // The log keeps each input as the operation's own type.
  const { InstanceSpecification, TagSpecifications } = input as CreateSnapshotsCommandInput;
  const tag = (name: string) => TagSpecifications?.[0]?.Tags?.find(({ Key }) => Key === `holdfast:${name}`)?.Value;
  const whose = tag('run') === undefined ? `recovery ${tag('recovery')}` : `run ${tag('run')}, tier ${tag('tier')}`;
  return `${whose} of ${InstanceSpecification?.InstanceId}`;
}
