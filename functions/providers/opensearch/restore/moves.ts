/** Pure: which index comes where, and which aliases then lead to it. */
import type { Aliases } from './indices.ts';
import type { IndicesDetail, Lead, Move } from './indices-detail.ts';

/** What recoveries put after names. */
const mark = /-new-[0-9a-f]{6}$/;

/**
 * @param names of the indices that are brought back
 * @param present names of those that there are now
 * @param aliases of those
 */
export function movesOf(
  names: readonly string[],
  ending: string,
  present: ReadonlySet<string>,
  aliases: Aliases,
): readonly Move[] {
  const owned = Map.groupBy(Object.keys(aliases), (index) => standsFor(index, names));
  return names.map((index) => {
    const leads = (owned.get(index) ?? []).flatMap((from) => leadsFrom(from, aliases));
    const isLost = !present.has(index) && !leads.some(({ alias }) => alias === index);
    return {
      index,
      madeAs: `${index}${ending}`,
      leads: [...leads, ...(isLost ? [{ alias: index, settings: {} }] : [])],
    };
  });
}

/** An index that an earlier recovery has made stands for the one that it was made of, unless it is brought back itself. Undefined: for none. */
function standsFor(index: string, names: readonly string[]): string | undefined {
  if (names.includes(index)) return index;
  return mark.test(index) ? standsFor(index.replace(mark, ''), names) : undefined;
}

const leadsFrom = (from: string, aliases: Aliases): readonly Lead[] =>
  Object.entries(aliases[from]?.aliases ?? {}).map(([alias, settings]) => ({ alias, from, settings }));

/** What a person must know of them: a sentence each. */
export function warningsOf({ domain, moves }: IndicesDetail, aliases: Aliases): readonly string[] {
  const names = moves.map(({ index }) => index);
  const swapped = new Set(moves.flatMap(({ leads }) => leads.map(({ alias }) => alias)));
  const others = Object.keys(aliases).filter((index) => standsFor(index, names) === undefined);
  return [
    ...moves.flatMap(wordsOf),
    ...others.flatMap((index) =>
      leadsFrom(index, aliases)
        .filter(({ alias }) => swapped.has(alias))
        .map(
          ({ alias }) => `the alias ${alias} leads also to ${index}, which is not in the snapshot, and will go on to.`,
        ),
    ),
  ].map((warning) => `opensearch ${domain}: ${warning}`);
}

function wordsOf({ index, madeAs, leads }: Move): readonly string[] {
  if (leads.length === 0) {
    return [`no alias leads to ${index}, so applications go on to use it as it is: lead them to ${madeAs} yourself.`];
  }
  return leads.some(({ from }) => from === undefined)
    ? [`${index} does not exist any more: an alias of that name will lead to ${madeAs}.`]
    : [];
}
