/** From a point's artifacts of one kind to their replacements, or to every reason why not. Changes nothing. */
import { createHash } from 'node:crypto';
import type { Artifact } from '#domain/artifact.ts';
import type { Point } from '#domain/point.ts';
import type { Workload } from '#domain/policy.ts';
import type { RecoveryRequest } from '#domain/recovery.ts';
import { momentOf } from '../continuous/continuous-service.ts';
import { standingOf } from '../continuous/standing.ts';
import type { RestorePlan } from '../restorer.ts';
import { answered } from './look.ts';
import { momentsOf } from './moments-of.ts';
import { readParameter } from './parameter.ts';
import type { ReplacementDetail } from './replacement-detail.ts';
import type { ReplacementService, Resource } from './replacement-service.ts';

export async function plan(
  service: ReplacementService,
  { artifacts }: Point,
  request: RecoveryRequest,
  workload: Workload,
): Promise<RestorePlan> {
  const own = artifacts.filter(({ kind }) => kind === service.kind);
  // Asked for some volumes, or for another instance, an operator means no database.
  const chosen = request.volumes === undefined && request.toInstance === undefined ? own : [];
  const plans = await Promise.all(
    chosen.map((artifact) => planOne(service, artifact, parameterOf(service, artifact, workload))),
  );
  return {
    targets: plans.map(({ detail, keeps }) => ({
      ...{ kind: service.kind, resource: detail.name, detail },
      ...(keeps === undefined ? {} : { keeps }),
    })),
    refusals: plans.flatMap(({ refusals }) => refusals),
    warnings: plans.flatMap(({ warnings }) => warnings),
    calls: plans.flatMap(({ calls }) => calls),
  };
}

const parameterOf = ({ kind }: ReplacementService, { source }: Artifact, { members }: Workload): string | undefined =>
  members.flatMap((member) => (member.kind === kind && member.resource === source ? (member.parameter ?? []) : []))[0];

async function planOne(service: ReplacementService, artifact: Artifact, parameter: string | undefined) {
  const { id, source } = artifact;
  const present = await answered(service.look(source), `looking at ${service.kind} ${source}`);
  const before = parameter && (await answered(readParameter(parameter), `reading ${parameter}`));
  const detail = detailOf(service, artifact, present, parameter, before);
  return {
    detail,
    ...keepsOf(service, detail),
    refusals: [
      ...(await answered(refusalsOf(service, artifact), `looking at ${service.kind} ${id}`)),
      ...(present !== undefined && present.state !== 'ready'
        ? [`${service.kind} ${source} is ${present.words}: wait until it is available.`]
        : []),
      ...(parameter !== undefined && before === undefined
        ? [
            `The SSM parameter ${parameter} does not exist: create it with what applications use now, so that a roll back knows it.`,
          ]
        : []),
    ],
    warnings: [
      ...service.differences(artifact.detail).map((difference) => `${service.kind} ${source}: ${difference}`),
      ...(present === undefined ? [`${service.kind} ${source} does not exist any more; it is made anew.`] : []),
      ...(service.rename === undefined && parameter === undefined
        ? [
            `${service.kind} ${source} cannot be renamed, and no parameter says where it is: lead applications to ${detail.madeAs} yourself.`,
          ]
        : []),
    ],
    calls: callsOf(service, detail),
  };
}

async function refusalsOf(service: ReplacementService, { id, detail }: Artifact): Promise<readonly string[]> {
  const moment = momentOf(detail);
  if (moment === undefined) return service.refusals(id);
  const window = await momentsOf(service).service.find(moment);
  const { state, problem = 'its logs are not stored yet: try again in some minutes' } = standingOf(
    service.kind,
    moment,
    window,
  );
  return state === 'completed' ? [] : [`${service.kind} ${id} cannot be restored: ${problem}.`];
}

function detailOf(
  service: ReplacementService,
  { id, source, detail }: Artifact,
  present: Resource | undefined,
  parameter: string | undefined,
  before: string | undefined,
): ReplacementDetail {
  const mark = createHash('sha256').update(`${id} ${Date.now()}`).digest('hex').slice(0, 6);
  const stem = source.slice(0, service.mostNameCharacters - 11).replace(/-+$/, '');
  return {
    ...{ name: source, madeAs: `${stem}-new-${mark}`, snapshotId: id, settings: detail },
    keptAs: service.rename === undefined ? source : `${stem}-old-${mark}`,
    ...(present === undefined ? {} : { originalId: present.id }),
    ...(parameter === undefined || before === undefined ? {} : { handOver: { parameter, before } }),
  };
}

function keepsOf(service: ReplacementService, detail: ReplacementDetail): { readonly keeps?: string } {
  const { kind, rename } = service;
  const { name, madeAs, keptAs, originalId, handOver, settings } = detail;
  const where = handOver === undefined ? '' : ` ${handOver.parameter} says so.`;
  const made = rename === undefined ? `The recovered ${kind} ${name} is ${madeAs}.${where} ` : '';
  const kept =
    originalId === undefined
      ? ''
      : `The ${kind} ${name} of before is kept as ${keptAs}, and costs what it did, until you delete it.${momentOf(settings) === undefined ? '' : ` ${momentsOf(service).ends}`}`;
  return made + kept === '' ? {} : { keeps: (made + kept).trim() };
}

function callsOf(service: ReplacementService, detail: ReplacementDetail): readonly string[] {
  const { lines, rename } = service;
  const { name, madeAs, keptAs, snapshotId, originalId, handOver, settings } = detail;
  const moment = momentOf(settings);
  const made =
    moment === undefined ? lines.restore({ name: madeAs, snapshotId }) : momentsOf(service).line(moment, madeAs);
  if (rename === undefined) return handOver === undefined ? [made] : [made, handOverLine(handOver.parameter, madeAs)];
  return [
    made,
    ...(originalId === undefined ? [] : [renameLine(lines, name, keptAs)]),
    renameLine(lines, madeAs, name),
  ];
}

export const renameLine = ({ rename }: ReplacementService['lines'], from: string, to: string): string =>
  rename?.(from, to) ?? `# ${from} cannot be renamed to ${to}`;

export const handOverLine = (parameter: string, value: string): string =>
  `aws ssm put-parameter --name ${parameter} --type String --overwrite --value '${value}'`;
