/**
 * Engine versions that ElastiCache and MemoryDB still make caches of. A recovery asks for the version that its point is of, since parameter groups fit
 * one only.
 */
import type { Artifact } from '#domain/artifact.ts';
import type { ManagedKind } from '#domain/member-kinds.ts';
import type { PlannedMember } from '#domain/run.ts';
import { asFault } from '#platform/aws-errors.ts';

export interface VersionService {
  readonly kind: ManagedKind;
  /** As people call it. */
  readonly name: string;
  /** Versions of an engine in this Region; errors are thrown as they come. */
  offered(engine: string): Promise<readonly string[]>;
  /** As an operator would type it, a version added. */
  upgrade(resource: string): string;
}

/** What is to be made of a snapshot, as far as it has a version. */
interface Versioned {
  readonly resource: string;
  readonly engine: string;
  readonly version: string;
}

/**
 * @param members as they are now
 * @param taken artifacts of a point
 * @returns one sentence each: what a recovery would ask for, and be refused. One, too, where nobody tells: no backup fails for it
 */
export async function versionNotes(
  service: VersionService,
  members: readonly PlannedMember[],
  taken: readonly Artifact[],
): Promise<readonly string[]> {
  const now = members.flatMap(({ resource, detail }) => versionedOf(resource, detail));
  const before = taken
    .flatMap(({ source, detail }) => versionedOf(source, detail))
    .filter((point) => !now.some((member) => isSame(member, point)));
  try {
    const offered = await offeredOf(service, [...now, ...before]);
    const isEnded = ({ engine, version }: Versioned) => !(offered.get(engine) ?? []).some(isVersion(version));
    return [
      ...now.filter(isEnded).map((member) => runsWords(service, member, offered.get(member.engine) ?? [])),
      ...before.filter(isEnded).map((point) => pointWords(service, point)),
    ];
  } catch (error) {
    return [`${service.kind}: ${asFault(error, `asking which engine versions ${service.name} offers`).message}`];
  }
}

async function offeredOf(
  { offered }: VersionService,
  wanted: readonly Versioned[],
): Promise<ReadonlyMap<string, readonly string[]>> {
  const engines = [...new Set(wanted.map(({ engine }) => engine))];
  return new Map(await Promise.all(engines.map(async (engine) => [engine, await offered(engine)] as const)));
}

/** Serverless caches have a major version alone. */
function versionedOf(resource: string, { recreate }: Artifact['detail']): readonly Versioned[] {
  const { Engine: engine, EngineVersion, MajorEngineVersion: version = EngineVersion } = Object(recreate);
  return typeof engine === 'string' && typeof version === 'string' ? [{ resource, engine, version }] : [];
}

const isSame = (one: Versioned, other: Versioned): boolean =>
  one.resource === other.resource && one.engine === other.engine && one.version === other.version;

/** Either may be the coarser: a cache runs 7.2.6 where 7.2 is offered, and a serverless one 7. */
const isVersion = (version: string) => (offered: string) =>
  `${offered}.`.startsWith(`${version}.`) || `${version}.`.startsWith(`${offered}.`);

const lacks = ({ name }: VersionService): string => `which ${name} does not offer any more in this Region`;

function runsWords(service: VersionService, { resource, engine, version }: Versioned, offered: readonly string[]) {
  const line = `${service.upgrade(resource)} ${nextOf(version, offered) ?? '<version>'}`;
  return `${service.kind} ${resource} runs ${engine} ${version}, ${lacks(service)}: a recovery asks for it, and may be refused. Move it while it is well: ${line}`;
}

const pointWords = (service: VersionService, { resource, engine, version }: Versioned): string =>
  `${service.kind} ${resource} had ${engine} ${version} when its point was taken, ${lacks(service)}: a recovery asks for it, and may be refused.`;

/** The nearest later one, as fine as the present one is told. */
const nextOf = (version: string, offered: readonly string[]): string | undefined =>
  offered
    .toSorted(compare)
    .find((each) => compare(each, version) > 0)
    ?.split('.')
    .slice(0, version.split('.').length)
    .join('.');

const compare = (one: string, other: string): number => one.localeCompare(other, 'en', { numeric: true });
