/** What is asked of the domain, as an operator would type it. `awscurl` signs. */
import { forward } from './decisions.ts';
import { type AliasChange, aliasesBody, restoreBody, restorePath } from './indices.ts';
import type { IndicesDetail } from './indices-detail.ts';

/** In order. */
export function callsOf(detail: IndicesDetail, host: string): readonly string[] {
  const { repository, snapshotId: name, moves, ending } = detail;
  const names = moves.map(({ index }) => index);
  const changes = forward(detail);
  return [
    post(`${host}${restorePath({ host, repository, name })}`, restoreBody(names, ending)),
    ...(changes.length === 0 ? [] : [aliasesLine(host, changes)]),
  ];
}

export const aliasesLine = (host: string, changes: readonly AliasChange[]): string =>
  post(`${host}/_aliases`, aliasesBody(changes));

const post = (address: string, body: object): string =>
  `awscurl --service es -X POST https://${address} -H 'Content-Type: application/json' -d '${JSON.stringify(body).replaceAll("'", String.raw`'\''`)}'`;
