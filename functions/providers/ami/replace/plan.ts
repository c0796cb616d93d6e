/** From a point's images to instances that take the place of the present ones, or to every reason why not. Changes nothing. */
import type { Artifact } from '#domain/artifact.ts';
import type { Point } from '#domain/point.ts';
import type { Workload } from '#domain/policy.ts';
import type { Recovery, RecoveryRequest, RecoveryTarget } from '#domain/recovery.ts';
import { gatherFacts, type InstanceFacts } from '../../ebs/restore/facts.ts';
import { stopWarnings } from '../../ebs/restore/instance-checks.ts';
import { recoveryDraft } from '../../ebs/restore/recovery-draft.ts';
import { marksOf, replacedTags } from '../../ebs/restore/tags.ts';
import { tagsOf } from '../../ebs/selection.ts';
import { answered } from '../../replacement/look.ts';
import { replacementDetail } from '../../replacement/replacement-detail.ts';
import type { RestorePlan, Restorer } from '../../restorer.ts';
import { detailOf } from '../detail.ts';
import { made } from '../left-to-do.ts';
import { type Action, commandLine } from './action.ts';
import { groupWarnings, replaceRefusals } from './checks.ts';
import { withKeeps } from './keeps.ts';
import type { Replaced } from './replaced.ts';
import { describeAddresses } from './world.ts';

interface Asked {
  readonly point: Point;
  readonly request: RecoveryRequest;
  readonly workload: Workload;
  readonly others: readonly Workload[];
}

/** @param launching plans the launch of the new instance */
export async function plan(launching: Restorer['plan'], asked: Asked): Promise<RestorePlan> {
  const images = asked.point.artifacts.filter(({ kind }) => kind === 'ami');
  const plans = await Promise.all(images.map((image) => planOne(launching, image, asked)));
  return {
    targets: plans.flatMap(({ targets }) => targets),
    refusals: plans.flatMap(({ refusals }) => refusals),
    warnings: plans.flatMap(({ warnings }) => warnings),
    calls: [
      ...plans.flatMap(({ calls }) => calls.filter((call) => !isByHand(call))),
      ...plans.flatMap(({ moves }) => moves),
      ...plans.flatMap(({ calls }) => calls.filter(isByHand)),
    ],
  };
}

const isByHand = (call: string): boolean => call.startsWith('#');

interface Planned extends RestorePlan {
  readonly moves: readonly string[];
}

async function planOne(launching: Restorer['plan'], image: Artifact, asked: Asked): Promise<Planned> {
  const { point, request, workload, others } = asked;
  const launch = await launching({ ...point, artifacts: [image] }, request, workload, others);
  const facts = (await gatherFacts([image.source], [])).instances.get(image.source);
  const state = facts?.instance.State?.Name ?? 'gone';
  if (facts === undefined || state === 'terminated' || state === 'shutting-down') {
    const gone = `${image.source} is ${state}, so there is nothing to replace. Recover without --replace.`;
    return { ...launch, refusals: [...launch.refusals, gone], moves: [] };
  }
  const addresses = await addressesOf(image.source);
  const [primary] = addresses;
  const settings = launch.targets.map((target) => detailOf(replacementDetail(target).settings));
  const replaced = replacedOf(facts, primary);
  return {
    targets: launch.targets.map((target) => replacingTarget(target, replaced)),
    refusals: [...launch.refusals, ...settings.flatMap((each) => replaceRefusals(facts, addresses, each))],
    warnings: [
      ...launch.warnings,
      ...stopWarnings(facts),
      ...settings.flatMap((each) => groupWarnings(facts.instance, each)),
    ],
    calls: launch.calls,
    moves: movesOf(replaced, facts, recoveryDraft(point, request, workload)).map(commandLine),
  };
}

const addressesOf = (id: string) =>
  answered(describeAddresses({ Name: 'instance-id', Values: [id] }), `asking for the addresses of ${id}`);

function replacedOf({ instance }: InstanceFacts, address: Awaited<ReturnType<typeof addressesOf>>[number] | undefined) {
  const { AllocationId: allocationId, PublicIp: publicIp } = address ?? {};
  return {
    instanceId: instance.InstanceId ?? '',
    wasRunning: instance.State?.Name === 'running',
    marks: marksOf(tagsOf(instance)),
    ...(allocationId === undefined || publicIp === undefined ? {} : { address: { allocationId, publicIp } }),
  };
}

const replacingTarget = (target: RecoveryTarget, replaced: Replaced): RecoveryTarget =>
  withKeeps({ ...target, detail: { ...target.detail, replaced } });

function movesOf(
  { instanceId, wasRunning, address }: Replaced,
  { instance }: InstanceFacts,
  recovery: Recovery,
): readonly Action[] {
  return [
    { kind: 'tag', resourceId: instanceId, tags: replacedTags(recovery, instanceId, tagsOf(instance)) },
    ...(wasRunning ? [{ kind: 'stop', instanceId } as const] : []),
    ...(address === undefined ? [] : [{ kind: 'associate', ...address, instanceId: made } as const]),
  ];
}
