/** When even the way back failed: which indices are led to, and the command that finishes it, for a person. */
import type { ApplicationState } from '#domain/application-state.ts';
import type { Leftovers } from '../../restorer.ts';
import { hostOf } from '../domain.ts';
import { aliasesLine } from './calls.ts';
import { back, forward, missing } from './decisions.ts';
import { type Aliases, aliasesOf } from './indices.ts';
import type { IndicesDetail } from './indices-detail.ts';

/** Never throws: without the domain it tells what the ledger knows. */
export async function leftovers(detail: IndicesDetail): Promise<Leftovers> {
  const { domain, ending } = detail;
  const host = await hostOf(domain).catch(() => undefined);
  const address = host ?? `<endpoint of ${domain}>`;
  const aliases = host && (await aliasesOf(host).catch(() => undefined));
  if (!aliases) {
    const asked = `opensearch ${domain} could not be asked where its aliases lead.`;
    return { application: 'unknown', lines: [asked, ...wayBack(detail, address)] };
  }
  const left = leftWords(detail, detail.moves.filter(({ madeAs }) => aliases[madeAs] !== undefined).length);
  const wrong = missing(back(detail), aliases);
  if (wrong.length === 0) return { application: 'runs-on-originals', lines: left };
  return {
    application: stateOf(detail, aliases),
    lines: [
      ...left,
      `Of opensearch ${domain} these aliases lead to *${ending}, or nowhere: ${wrong.map(({ alias }) => alias).join(', ')}.`,
      ...['To bring it back as it was, run:', aliasesLine(address, wrong)],
    ],
  };
}

/** @returns a sentence about what a recovery that is not committed has made, or none */
export const leftWords = ({ domain, ending }: IndicesDetail, made: number): readonly string[] =>
  made === 0
    ? []
    : [
        `The ${made} indices *${ending} of opensearch ${domain}, which the recovery has made, are left as they are, and take up what they store, until you delete them.`,
      ];

/** Who asks by a name that leads nowhere finds nothing. */
function stateOf(detail: IndicesDetail, aliases: Aliases): ApplicationState {
  if (missing(forward(detail), aliases).length === 0) return 'runs-on-restored';
  const led = new Set(Object.values(aliases).flatMap((index) => Object.keys(index.aliases)));
  const known = back(detail).flatMap(({ alias, settings }) => (settings === undefined ? [] : [alias]));
  return known.every((alias) => led.has(alias)) ? 'runs-on-mixed' : 'down';
}

/** All of it, whatever is done already. */
function wayBack(detail: IndicesDetail, address: string): readonly string[] {
  const changes = back(detail);
  return changes.length === 0
    ? []
    : ['Before the recovery they were as this makes them:', aliasesLine(address, changes)];
}
