/** What a domain says of its indices and of the aliases that lead to them, and how both are changed. */
import * as z from 'zod/mini';
import { providerFault } from '#domain/faults.ts';
import { codeOf } from '#platform/aws-errors.ts';
import { opensearch } from '#platform/clients/opensearch.ts';
import { hostOf } from '../domain.ts';
import { type Place, pathOf } from '../repository.ts';

/** https://docs.opensearch.org/latest/api-reference/cat/cat-indices/ */
const listing = z.array(
  z.object({
    index: z.string(),
    /** `green`, `yellow`: all that is in it can be read; `red` also while it is being restored. Absent of a closed one. */
    health: z.optional(z.nullable(z.string())),
    /** `open` or `close`. */
    status: z.string(),
    'docs.count': z.optional(z.nullable(z.string())),
  }),
);
/** Filter, routing, whether it is written through … as they were. https://docs.opensearch.org/latest/api-reference/alias/get-alias/ */
const aliasSettings = z.record(z.string(), z.unknown());
const aliases = z.record(z.string(), z.object({ aliases: z.record(z.string(), aliasSettings) }));
const acknowledged = z.object({});

export type Listed = z.infer<typeof listing>[number];
export type AliasSettings = z.infer<typeof aliasSettings>;
/** By index, then by alias. */
export type Aliases = z.infer<typeof aliases>;

/** That an index shall have an alias, or not. */
export interface AliasChange {
  readonly index: string;
  readonly alias: string;
  /** Absent: it shall not have it. */
  readonly settings?: AliasSettings;
}

/**
 * Of the domain.
 * @throws ProviderFault when there is none to ask at
 */
export async function addressOf(domain: string): Promise<string> {
  const host = await hostOf(domain);
  if (host !== undefined) return host;
  throw providerFault(`opensearch ${domain} has no endpoint any more: it is deleted.`);
}

/** @param ending of their names; default: all, but the hidden ones */
export const indicesOf = (host: string, ending = ''): Promise<readonly Listed[]> =>
  // A star is not left as it is in a path that is signed.
  opensearch().ask({ host, method: 'GET', path: `/_cat/indices/%2A${ending}` }, listing);

export const aliasesOf = (host: string): Promise<Aliases> =>
  opensearch().ask({ host, method: 'GET', path: '/_alias' }, aliases);

/** All at once, or none. https://docs.opensearch.org/latest/api-reference/alias/aliases-api/ */
export async function changeAliases(host: string, changes: readonly AliasChange[]): Promise<void> {
  await opensearch().ask({ host, method: 'POST', path: '/_aliases', body: aliasesBody(changes) }, acknowledged);
}

export const aliasesBody = (changes: readonly AliasChange[]) => ({
  actions: changes.map(({ index, alias, settings }) =>
    settings === undefined ? { remove: { index, alias } } : { add: { index, alias, ...settings } },
  ),
});

/**
 * Begins it; fine when it has begun. https://docs.opensearch.org/latest/api-reference/snapshots/restore-snapshot/
 * @param names those to bring back
 */
export async function restoreIndices(place: Place, names: readonly string[], ending: string): Promise<void> {
  const { host, name } = place;
  const request = { host, method: 'POST', path: restorePath(place), body: restoreBody(names, ending) } as const;
  try {
    await opensearch().ask(request, acknowledged);
  } catch (error) {
    if (codeOf(error) !== 'snapshot_restore_exception') throw error;
    // It says so of names that are taken, too: then a try whose reply was lost has had its effect.
    if ((await indicesOf(host, ending)).length > 0) return;
    const reason = error instanceof Error ? error.message : '';
    throw providerFault(`${name} is not restored: ${reason}`, error);
  }
}

export const restorePath = (place: Place): string => `${pathOf(place)}/_restore`;

/** @param names those to bring back */
export const restoreBody = (names: readonly string[], ending: string) => ({
  indices: names.join(','),
  include_global_state: false,
  // Nobody is led to them before all of them are there.
  include_aliases: false,
  rename_pattern: '(.+)',
  rename_replacement: `$1${ending}`,
});
