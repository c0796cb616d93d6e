/** What is asked of the domain, as an operator would type it. */
import { requestLine } from '../request-line.ts';
import { forward } from './decisions.ts';
import { type AliasChange, aliasesBody, restoreBody, restorePath } from './indices.ts';
import type { IndicesDetail } from './indices-detail.ts';

/** In order. */
export function callsOf(detail: IndicesDetail, host: string): readonly string[] {
  const { repository, snapshotId: name, moves, ending } = detail;
  const names = moves.map(({ index }) => index);
  const changes = forward(detail);
  return [
    requestLine('POST', `${host}${restorePath({ host, repository, name })}`, restoreBody(names, ending)),
    ...(changes.length === 0 ? [] : [aliasesLine(host, changes)]),
  ];
}

export const aliasesLine = (host: string, changes: readonly AliasChange[]): string =>
  requestLine('POST', `${host}/_aliases`, aliasesBody(changes));
