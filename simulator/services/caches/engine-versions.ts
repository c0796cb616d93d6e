/** Engine versions that caches are made of, by the names that calls take them by, each with the patch that a cache of it runs. */
import { ApiError } from '../../kernel/service.ts';

type Versions = Readonly<Record<string, string>>;

export interface VersionsArrange {
  /** It is not offered any more, of whatever engine; what runs it stays. */
  versionEnded(version: string): void;
}

/** @param codes by which a version is refused that there is not, and one that only the service may choose */
export function createEngineVersions(
  engines: Readonly<Record<string, Versions>>,
  codes: Readonly<Record<'unknown' | 'specific', string>>,
) {
  const ended = new Set<string>();
  const offered = (engine: string): Versions =>
    Object.fromEntries(Object.entries(engines[engine] ?? {}).filter(([version]) => !ended.has(version)));
  return {
    /** Of one engine, or of all. */
    listed: (
      engine?: string,
    ): readonly { readonly engine: string; readonly version: string; readonly patch: string }[] =>
      Object.keys(engines)
        .filter((each) => engine === undefined || each === engine)
        .flatMap((each) => Object.entries(offered(each)).map(([version, patch]) => ({ engine: each, version, patch }))),
    /** What a cache runs that is asked for by that version. */
    patchOf: (engine: string, version: string | undefined): string | undefined => {
      if (version === undefined) return undefined;
      const known = offered(engine);
      const patch = known[version];
      if (patch !== undefined) return patch;
      const minor = Object.keys(known).find((each) => version.startsWith(`${each}.`));
      if (minor === undefined) throw new ApiError(codes.unknown, `Cannot find version ${version} for ${engine}`);
      const message = `Specific version selection is not allowed for '${version}', please use '${minor}'`;
      throw new ApiError(codes.specific, message);
    },
    arrange: {
      versionEnded: (version) => void ended.add(version),
    } satisfies VersionsArrange,
  };
}

export type EngineVersions = ReturnType<typeof createEngineVersions>;
