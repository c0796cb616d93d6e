/**
 * Indices of a snapshot, beside the present ones: a restore over an index that is there would destroy what it holds.
 * https://docs.aws.amazon.com/opensearch-service/latest/developerguide/managedomains-snapshot-restore.html
 */
import type { Artifact } from '#domain/artifact.ts';
import { byHand } from '../by-hand.ts';
import { hostOf } from './domain.ts';
import { pathOf } from './repository.ts';

export const opensearchRestore = byHand(
  {
    kind: 'opensearch',
    words: () =>
      'Restore it first: its indices come beside the present ones, under new names, and applications are led to them by their aliases.',
    lines,
  },
  ['aws-backup', 'opensearch'],
);

async function lines({ id: name, source, detail }: Artifact): Promise<readonly string[]> {
  const host = (await hostOf(source)) ?? `<endpoint of ${source}>`;
  const body = {
    ...{ indices: '*', include_global_state: false, include_aliases: false },
    ...{ rename_pattern: '(.+)', rename_replacement: '$1-restored' },
  };
  const path = `${pathOf({ host, repository: String(detail.repository), name })}/_restore`;
  return [
    `awscurl --service es -X POST https://${host}${path} -H 'Content-Type: application/json' -d '${JSON.stringify(body)}'`,
  ];
}
