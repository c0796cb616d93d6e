/** Which snapshot goes under which device of which instance: what was asked, against what the point holds. Pure. */
import { integrityFault } from '#domain/faults.ts';
import type { Point } from '#domain/point.ts';
import type { RecoveryRequest } from '#domain/recovery.ts';
import { type EbsDetail, ebsDetail } from '../detail.ts';

export interface Assignment {
  /** The one that is recovered into. */
  readonly instanceId: string;
  readonly snapshots: readonly { readonly snapshotId: string; readonly settings: EbsDetail }[];
}

export interface Assigned {
  readonly assignments: readonly Assignment[];
  readonly refusals: readonly string[];
}

const instanceIdPattern = /^i-([0-9a-f]{8}|[0-9a-f]{17})$/;
const devicePattern = /^\/dev\/(sd[a-z][0-9]{0,2}|xvd[a-z]{1,2}[0-9]{0,2})$/;

/** @throws IntegrityFault when an artifact's record lacks its volume's settings */
export function assign(point: Point, request: RecoveryRequest): Assigned {
  const refusals = badWords(request);
  const all = point.artifacts
    .filter(({ kind }) => kind === 'ebs')
    .map((artifact) => ({ snapshotId: artifact.id, settings: ebsDetail(artifact) }));
  const chosen = all.filter(({ settings }) => isChosen(settings, request));
  const sources = [...new Set(chosen.map(({ settings }) => settings.instanceId))];
  refuseTwice(
    point,
    chosen.map(({ settings }) => settings),
  );
  return {
    assignments: sources.map((source) => ({
      instanceId: request.toInstance ?? source,
      snapshots: chosen.filter(({ settings }) => settings.instanceId === source),
    })),
    refusals: [
      ...refusals,
      ...unknownDevices(
        request,
        all.map(({ settings }) => settings.device),
      ),
      ...(chosen.length === 0 && refusals.length === 0
        ? [`The point ${point.id} holds no volume that was asked for.`]
        : []),
      ...(request.toInstance !== undefined && sources.length > 1
        ? [
            `The point ${point.id} is of ${sources.length} instances (${sources.join(', ')}): only a point of one instance can go into another. Choose volumes of one with --volumes.`,
          ]
        : []),
    ],
  };
}

/** Into another instance the root volume goes only when it is named: it carries that instance's own system. */
function isChosen({ device, root, instanceId }: EbsDetail, { volumes, toInstance }: RecoveryRequest): boolean {
  if (volumes !== undefined) return volumes.includes(device);
  return !root || toInstance === undefined || toInstance === instanceId;
}

function badWords({ toInstance, volumes = [] }: RecoveryRequest): readonly string[] {
  return [
    ...(toInstance === undefined || instanceIdPattern.test(toInstance)
      ? []
      : [`"${toInstance}" is not an instance id (i- and 8 or 17 hexadecimal digits).`]),
    ...volumes
      .filter((device) => !devicePattern.test(device))
      .map((device) => `"${device}" is not a device name such as /dev/sdh.`),
  ];
}

function unknownDevices({ volumes = [] }: RecoveryRequest, known: readonly string[]): readonly string[] {
  const unknown = volumes.filter((device) => devicePattern.test(device) && !known.includes(device));
  if (unknown.length === 0) return [];
  return [`The point holds no volume of ${unknown.join(', ')}; it holds ${[...new Set(known)].sort().join(', ')}.`];
}

function refuseTwice(point: Point, settings: readonly EbsDetail[]): void {
  const places = settings.map(({ instanceId, device }) => `${device} of ${instanceId}`);
  const twice = places.find((place, index) => places.indexOf(place) !== index);
  if (twice !== undefined) throw integrityFault(`The point ${point.id} holds two snapshots for ${twice}.`);
}
