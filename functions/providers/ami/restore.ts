/**
 * A new instance from an image, beside the present one, which goes on as it is unless the operator asks for a replacement: a recovery cannot
 * know whether two of them may work at the same time, nor all that leads to the old one. It is found again by its client token.
 * https://docs.aws.amazon.com/AWSEC2/latest/APIReference/API_RunInstances.html
 */
import { RunInstancesCommand, StopInstancesCommand } from '@aws-sdk/client-ec2';
import type { Artifact } from '#domain/artifact.ts';
import { invariantBroken } from '#domain/faults.ts';
import type { Workload } from '#domain/policy.ts';
import { ec2 } from '#platform/clients/ec2.ts';
import { imagesById } from '../ebs/describe.ts';
import { line } from '../ebs/restore/command-line.ts';
import { isInstance } from '../ebs/selection.ts';
import { replacement } from '../replacement/replacement.ts';
import type { ReplacementService, Settings } from '../replacement/replacement-service.ts';
import type { Restorer } from '../restorer.ts';
import { tagList } from '../tag-list.ts';
import { detailOf } from './detail.ts';
import { leftToDo } from './left-to-do.ts';
import { launchedBy, lookAtLaunched, lookAtPresent } from './look.ts';
import { inItsPlace } from './replace/in-its-place.ts';
import { leftAfter } from './replace/left-after.ts';
import { verifyInGuest } from './verify.ts';

const service: ReplacementService = {
  kind: 'ami',
  /** https://docs.aws.amazon.com/ec2/latest/devguide/ec2-api-idempotency.html: ClientToken */
  mostNameCharacters: 64,
  look: (name) => (/^i-[0-9a-f]+$/.test(name) ? lookAtPresent(name) : lookAtLaunched(name)),
  prepare: async (artifact, workload) => ({ ...artifact.detail, ...launchOf(artifact, workload) }),
  // The launching call takes all of it.
  missing: async () => [],
  change: async (name) => {
    throw invariantBroken(`Nothing of the instance ${name} is changed after it is launched.`);
  },
  differences: (settings) => detailOf(settings).differences ?? [],
  leftToDo: (settings) => leftToDo(detailOf(settings)),
  refusals,
  restore: async ({ name, snapshotId, settings, tags }) => {
    const { UserData, ...launch } = detailOf(settings).launch ?? {};
    await ec2().send(
      new RunInstancesCommand({
        ...launch,
        ...(UserData === undefined ? {} : { UserData: Buffer.from(UserData).toString('base64') }),
        ...{ ImageId: snapshotId, MinCount: 1, MaxCount: 1, ClientToken: name },
        TagSpecifications: (['instance', 'volume'] as const).map((ResourceType) => ({
          ResourceType,
          Tags: tagList({ Name: name, ...tags }),
        })),
      }),
    );
    return undefined;
  },
  // The present one is neither put aside nor replaced.
  mark: async () => undefined,
  unmark: async () => undefined,
  // Its applications must not go on beside those that a roll back leaves in use.
  setAside: async (name) => {
    const launched = await launchedBy(name);
    if (launched?.InstanceId === undefined || launched.State?.Name !== 'running') return;
    await ec2().send(new StopInstancesCommand({ InstanceIds: [launched.InstanceId] }));
  },
  lines: {
    setAside: (id) => line('ec2 stop-instances', { 'instance-ids': id }),
    // Of user data only that there is some: who may see a plan need not know what it says.
    restore: ({ name, snapshotId, settings }) => {
      const { UserData, ...launch } = detailOf(settings).launch ?? {};
      return line('ec2 run-instances', {
        ...{ 'image-id': snapshotId, count: '1', 'client-token': name },
        'cli-input-json': JSON.stringify(launch),
        ...(UserData === undefined ? {} : { 'user-data': '<as it was>' }),
      });
    },
  },
};

const beside = replacement(service);
const launching = replacement({ ...service, leftToDo: (settings) => leftAfter(detailOf(settings)) });

export const amiRestore: Restorer = {
  ...inItsPlace(beside, launching.plan),
  verify: async (target, recovery) => {
    const healthy = await beside.verify(target, recovery);
    return healthy.done ? await verifyInGuest(target, recovery) : healthy;
  },
};

/** With its instance profile only where the policy names the role, since only that may be handed on. */
function launchOf({ source, detail }: Artifact, { members }: Workload): Settings {
  const { launch, tags = {} } = detailOf(detail);
  const { IamInstanceProfile, ...others } = launch ?? {};
  const asItWas = { InstanceId: source, Tags: tagList(tags) };
  const mayBeHanded = members.some(
    (member) => member.kind === 'ami' && member.role !== undefined && isInstance(member.instance, asItWas),
  );
  if (IamInstanceProfile === undefined || mayBeHanded) return {};
  return { launch: others, withheldProfile: IamInstanceProfile.Arn };
}

async function refusals(id: string, settings: Settings): Promise<readonly string[]> {
  const { State = 'gone' } = (await imagesById([id])).get(id) ?? {};
  return [
    ...(State === 'available' ? [] : [`The image ${id} is ${State}, and nothing can be launched from it.`]),
    ...(detailOf(settings).launch === undefined
      ? [
          `What to launch ${id} with is not known, since its tags alone tell of it: aws ec2 run-instances --image-id ${id} --instance-type … --subnet-id … --security-group-ids … --iam-instance-profile …`,
        ]
      : []),
  ];
}
