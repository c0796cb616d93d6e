/** From a point's artifacts of one kind to their replacements, or to every reason why not. Changes nothing. */
import { createHash } from 'node:crypto';
import type { Artifact } from '#domain/artifact.ts';
import type { Point } from '#domain/point.ts';
import type { Workload } from '#domain/policy.ts';
import type { RecoveryRequest } from '#domain/recovery.ts';
import { alarmDifferences } from '../alarms/told.ts';
import { momentOf } from '../continuous/continuous-service.ts';
import { standingOf } from '../continuous/standing.ts';
import type { Need } from '../recovery-room.ts';
import type { RestorePlan } from '../restorer.ts';
import { answered } from './look.ts';
import { momentsOf } from './moments-of.ts';
import { type ReplacementDetail, takesName } from './replacement-detail.ts';
import type { ReplacementService, Resource, Settings } from './replacement-service.ts';
import { nameOf, readSign, type Signpost, signLine, signRefusals } from './signpost.ts';

export async function plan(
  service: ReplacementService,
  { artifacts }: Point,
  request: RecoveryRequest,
  workload: Workload,
): Promise<RestorePlan> {
  const own = artifacts.filter(({ kind }) => kind === service.kind);
  // Asked for some volumes, or for another instance, an operator means no database.
  const chosen = request.volumes === undefined && request.toInstance === undefined ? own : [];
  const plans = await Promise.all(chosen.map((artifact) => planOne(service, artifact, workload)));
  return {
    targets: plans.map(({ detail, keeps }) => ({
      ...{ kind: service.kind, resource: detail.name, detail },
      ...(keeps === undefined ? {} : { keeps }),
    })),
    needs: await needsOf(
      service,
      plans.map(({ detail }) => detail.settings),
    ),
    refusals: plans.flatMap(({ refusals }) => refusals),
    warnings: [...crowdOf(service, chosen.length), ...plans.flatMap(({ warnings }) => warnings)],
    calls: plans.flatMap(({ calls }) => calls),
  };
}

const needsOf = async (service: ReplacementService, all: readonly Settings[]): Promise<readonly Need[]> =>
  all.length === 0
    ? []
    : answered(service.needs?.(all) ?? Promise.resolve([]), `asking for the quotas of ${service.kind}`);

const crowdOf = ({ kind, atATime = Infinity }: ReplacementService, count: number): readonly string[] =>
  count <= atATime
    ? []
    : [
        `${kind}: ${count} are brought back, and AWS restores ${atATime} at a time in an account: the others wait for those before them.`,
      ];

function signpostOf({ kind }: ReplacementService, { source }: Artifact, { members }: Workload): Signpost | undefined {
  for (const member of members) {
    if (!('resource' in member) || member.kind !== kind || member.resource !== source) continue;
    if (member.cname !== undefined) return { cname: member.cname };
    if (member.parameter !== undefined) return { parameter: member.parameter };
  }
  return undefined;
}

async function planOne(service: ReplacementService, artifact: Artifact, workload: Workload) {
  const { id, source } = artifact;
  const post = signpostOf(service, artifact, workload);
  const present = await answered(service.look(source), `looking at ${service.kind} ${source}`);
  const sign = post && (await answered(readSign(post), `reading ${nameOf(post)}`));
  const prepared = await answered(
    service.prepare?.(artifact, workload) ?? asItWas(artifact),
    `preparing for ${source}`,
  );
  const detail = detailOf(service, { ...artifact, detail: prepared }, present, post, sign?.says);
  const left = leftToDo(service, detail, post);
  return {
    detail,
    ...keepsOf(service, detail),
    refusals: [
      ...(await answered(refusalsOf(service, detail), `looking at ${service.kind} ${id}`)),
      ...(present !== undefined && present.state !== 'ready'
        ? [`${service.kind} ${source} is ${present.words}: wait until it is available.`]
        : []),
      ...(post === undefined || sign === undefined ? [] : signRefusals(post, sign)),
    ],
    warnings: [
      ...differencesOf(service, detail).map((difference) => `${service.kind} ${source}: ${difference}`),
      ...(present === undefined ? [`${service.kind} ${source} does not exist any more; it is made anew.`] : []),
      ...left,
      ...(service.rename === undefined && post === undefined && left.length === 0
        ? [
            `${service.kind} ${source} cannot be renamed, and no parameter says where it is: lead applications to ${detail.madeAs} yourself.`,
          ]
        : []),
    ],
    calls: callsOf(service, detail, left),
  };
}

function differencesOf(service: ReplacementService, detail: ReplacementDetail): readonly string[] {
  const name = takesName(service, detail) ? detail.name : detail.madeAs;
  return [
    ...service.differences(detail.settings, name),
    ...alarmDifferences(detail.settings, { before: detail.name, after: name }),
  ];
}

async function refusalsOf(
  service: ReplacementService,
  { snapshotId, settings }: ReplacementDetail,
): Promise<readonly string[]> {
  const moment = momentOf(settings);
  if (moment === undefined) return service.refusals(snapshotId, settings);
  const window = await momentsOf(service).service.find(moment);
  const { state, problem = 'its logs are not stored yet: try again in some minutes' } = standingOf(
    service.kind,
    moment,
    window,
  );
  return state === 'completed' ? [] : [`${service.kind} ${snapshotId} cannot be restored: ${problem}.`];
}

const asItWas = async ({ detail }: Artifact): Promise<Settings> => detail;

/** For a person, once the new one is made. */
function leftToDo(
  service: ReplacementService,
  { settings, madeAs }: ReplacementDetail,
  post: Signpost | undefined,
): readonly string[] {
  const left = service.leftToDo?.(settings, madeAs) ?? [];
  const isLast = left.length > 0 && post !== undefined;
  return [...left, ...(isLast ? [signLine(post, `<what ${madeAs} is found by>`)] : [])];
}

function detailOf(
  service: ReplacementService,
  { id, source, detail }: Artifact,
  present: Resource | undefined,
  post: Signpost | undefined,
  before: string | undefined,
): ReplacementDetail {
  const mark = createHash('sha256').update(`${id} ${Date.now()}`).digest('hex').slice(0, 6);
  const isReached = (service.leftToDo?.(detail, source) ?? []).length === 0;
  const stem = source.slice(0, service.mostNameCharacters - 11).replace(/-+$/, '');
  return {
    ...{ name: source, madeAs: `${stem}-new-${mark}`, snapshotId: id, settings: detail },
    keptAs: service.rename === undefined || post !== undefined ? source : `${stem}-old-${mark}`,
    ...(present === undefined ? {} : { originalId: present.id }),
    // Nobody is led to what a person has still to finish.
    ...(post === undefined || before === undefined || !isReached ? {} : { handOver: { ...post, before } }),
  };
}

/** @param seen the new one, once it is there */
export function keepsOf(
  service: ReplacementService,
  detail: ReplacementDetail,
  seen?: Resource,
): { readonly keeps?: string } {
  const { kind } = service;
  const { name, madeAs, keptAs, originalId, handOver, settings } = detail;
  const isFoundByName = takesName(service, detail);
  const where =
    handOver === undefined
      ? ''
      : ` ${nameOf(handOver)} says so. The policy still names ${name}: name the new one there, and deploy, so that it is backed up.`;
  const made = isFoundByName ? '' : `The recovered ${kind} ${name} is ${calledOf(madeAs, seen)}.${where} `;
  const ends = momentOf(settings) === undefined ? '' : ` ${momentsOf(service).ends}`;
  const isInUse = !isFoundByName && handOver === undefined;
  const state = isInUse
    ? 'as it was, and in use until you lead applications to the new one.'
    : `kept as ${keptAs}, and costs what it did, until you delete it.`;
  const kept =
    originalId === undefined
      ? ''
      : `The ${kind} ${name} of before is ${state}${ends}${removalOf(service, keptAs, madeAs)}`;
  const said = `${made}${lackOf(detail)}${kept}`.trim();
  return said === '' ? {} : { keeps: said };
}

const lackOf = ({ name, refused = [] }: ReplacementDetail): string =>
  refused.map(({ what, why }) => `The recovered ${name} has not the ${what} of before: ${why}. `).join('');

/**
 * How it is deleted without losing what was last written to it.
 * @param madeAs ends with the mark of this recovery, so that the last snapshot of each has a name of its own
 */
export function removalOf({ lines }: ReplacementService, name: string, madeAs: string): string {
  const line = lines.remove?.(name, finalSnapshotOf(name, madeAs.slice(-6)));
  return line === undefined ? '' : ` When nobody needs it any more: ${line}`;
}

/** At most 40 lower case letters, digits and single hyphens, a letter first; none that Holdfast makes begins so. */
const finalSnapshotOf = (name: string, mark: string): string =>
  `final-${name.replace(/^.*:/, '').slice(0, 27).replace(/-+$/, '')}-${mark}`;

/** With what applications find it by, where that is not its name. */
export const calledOf = (name: string, { endpoint = name }: Partial<Resource> = {}): string =>
  endpoint === name ? name : `${endpoint} (${name})`;

function callsOf(service: ReplacementService, detail: ReplacementDetail, left: readonly string[]): readonly string[] {
  const { lines } = service;
  const { name, madeAs, keptAs, snapshotId, settings, originalId, handOver } = detail;
  const moment = momentOf(settings);
  const order = { name: madeAs, snapshotId, settings };
  const made = moment === undefined ? lines.restore(order) : momentsOf(service).line(moment, madeAs);
  if (!takesName(service, detail)) {
    const byHand = left.map((line) => `# by hand: ${line}`);
    return [made, ...byHand, ...(handOver === undefined ? [] : [signLine(handOver, signOf(handOver, madeAs))])];
  }
  return [
    made,
    ...(originalId === undefined ? [] : [renameLine(lines, name, keptAs)]),
    renameLine(lines, madeAs, name),
  ];
}

/** As far as it is known before it is made: a table's name, or whose host. */
const signOf = (post: Signpost, madeAs: string): string => ('cname' in post ? `<host of ${madeAs}>` : madeAs);

export const renameLine = ({ rename }: ReplacementService['lines'], from: string, to: string): string =>
  rename?.(from, to) ?? `# ${from} cannot be renamed to ${to}`;
