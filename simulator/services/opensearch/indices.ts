/** Indices and aliases as a domain shows and changes them. https://docs.opensearch.org/latest/api-reference/alias/aliases-api/ */
import { ApiError } from '../../kernel/service.ts';
import type { Domain } from './domains.ts';
import { chosenFrom } from './index-names.ts';

interface Named {
  readonly index: string;
  readonly alias: string;
}

interface Asked {
  readonly actions?: readonly { readonly add?: Named; readonly remove?: Named }[];
}

/** All but hidden ones; a name without a star must be of one that exists. */
export function listed({ indices }: Domain, expression: string) {
  if (!expression.includes('*') && !indices.has(expression)) throw missing(expression);
  const visible = [...indices.keys()].filter((name) => !name.startsWith('.'));
  return chosenFrom(visible, expression).map((index) => {
    const { health = 'red', documents = [] } = indices.get(index) ?? {};
    return { health, status: 'open', index, pri: '1', rep: '1', 'docs.count': String(documents.length) };
  });
}

export const aliasesOf = ({ indices }: Domain) =>
  Object.fromEntries(
    [...indices].map(([name, index]) => [
      name,
      { aliases: Object.fromEntries([...index.aliases].map((alias) => [alias, {}])) },
    ]),
  );

/** All of the actions, or, when one is refused, none. */
export function changeAliases(domain: Domain, body: unknown) {
  const { actions = [] }: Asked = Object(body);
  for (const { add, remove } of actions) {
    if (add !== undefined) refuseToAdd(domain, add);
    if (remove !== undefined) refuseToRemove(domain, remove);
  }
  for (const { add, remove } of actions) {
    if (remove !== undefined) domain.indices.get(remove.index)?.aliases.delete(remove.alias);
    if (add !== undefined) domain.indices.get(add.index)?.aliases.add(add.alias);
  }
  return { acknowledged: true };
}

function refuseToAdd({ indices }: Domain, { index, alias }: Named): void {
  if (!indices.has(index)) throw missing(index);
  if (!indices.has(alias)) return;
  const reason = `Invalid alias name [${alias}]: an index exists with the same name as the alias`;
  throw new ApiError('invalid_alias_name_exception', reason, 400);
}

function refuseToRemove({ indices }: Domain, { index, alias }: Named): void {
  if (!indices.has(index)) throw missing(index);
  if (!indices.get(index)?.aliases.has(alias))
    throw new ApiError('aliases_not_found_exception', `aliases [${alias}] missing`, 404);
}

const missing = (index: string) => new ApiError('index_not_found_exception', `no such index [${index}]`, 404);
