/** Whole instances as plans of AWS Backup copy them: each copy is an image. */
import type { Instance } from '@aws-sdk/client-ec2';
import type { Artifact } from '#domain/artifact.ts';
import type { BackupPlanCopy, CopiedPart } from '#domain/backup-plan-copy.ts';
import type { AmiMember, Member } from '#domain/policy.ts';
import { type ArnOf, artifactOf, idOf, type Reach, unseen } from '../backup-plan-copies.ts';
import { imagesById } from '../ebs/describe.ts';
import { findInstances } from '../ebs/find-instances.ts';
import { isInstance } from '../ebs/selection.ts';
import { launchDetail } from './launch-detail.ts';
import { readUserData } from './user-data.ts';

export async function readImages(members: readonly Member[], known: readonly Artifact[], arnOf: ArnOf): Promise<Reach> {
  const wanted = members.filter((member): member is AmiMember => member.kind === 'ami');
  const present = await findInstances(wanted.map(({ instance }) => instance));
  const instances = new Map(present.map((instance) => [instance.InstanceId ?? '', instance]));
  const earlier = known.filter(({ kind }) => kind === 'ami');
  const named = wanted.flatMap(({ instance }) => ('id' in instance ? [instance.id] : []));
  const ids = new Set([...instances.keys(), ...named, ...earlier.map(({ source }) => source)]);
  return {
    resources: wanted.length === 0 ? [] : [...ids].map((id) => arnOf('ec2', `instance/${id}`)),
    expected: [...instances.keys()].map((place) => ({ kind: 'ami', place })),
    read: (copies) => read({ members: wanted, instances, earlier }, copies),
  };
}

interface World {
  readonly members: readonly AmiMember[];
  readonly instances: ReadonlyMap<string, Instance>;
  /** Artifacts in the ledger, newest first. */
  readonly earlier: readonly Artifact[];
}

async function read(world: World, copies: readonly BackupPlanCopy[]): Promise<readonly CopiedPart[]> {
  const images = await imagesById(copies.map(({ pointArn }) => idOf(pointArn)).filter((id) => id.startsWith('ami-')));
  const sources = new Set(copies.map(({ resourceArn }) => idOf(resourceArn)));
  const details = new Map(
    await Promise.all([...sources].map(async (id) => [id, await settingsOf(world, id)] as const)),
  );
  return copies.flatMap((copy) => {
    const [id, source] = [idOf(copy.pointArn), idOf(copy.resourceArn)];
    const image = images.get(id);
    const instance = world.instances.get(source) ?? { InstanceId: source, Tags: image?.Tags ?? [] };
    const member = world.members.find((each) => isInstance(each.instance, instance));
    const isEarlier = world.earlier.some((each) => each.source === source);
    if (member === undefined && !isEarlier) return [];
    if (image === undefined) return [unseen('ami', copy, source)];
    const tier = member?.tier ?? 1;
    const artifact = {
      ...artifactOf(copy),
      kind: 'ami',
      id,
      source,
      tier,
      detail: { ...details.get(source), recoveryPointArn: copy.pointArn },
    };
    return [{ copy, place: source, artifact }];
  });
}

/** A copy does not say what it is launched with: as the instance is now or, where that is gone, as the newest point of the ledger has it. */
async function settingsOf({ instances, earlier }: World, id: string): Promise<Artifact['detail']> {
  const instance = instances.get(id);
  if (instance === undefined) {
    const { run: _, ...detail } = earlier.find(({ source }) => source === id)?.detail ?? {};
    return detail;
  }
  const { differences, ...detail } = launchDetail(instance, await readUserData(instance));
  const asNow = 'it is launched with what the present instance has: what it had when it was copied, nobody knows';
  return { ...detail, instanceId: id, differences: [asNow, ...differences] };
}
