import type { Region } from '#simulator/region.ts';
import type { RecoveryArrangements } from '../../conformance/recovery-arrangement.ts';

const resource = 'evidence';

function domain({ services }: Region) {
  const found = services.opensearch.world.domains.get(resource);
  if (found === undefined) throw new Error('there is no domain');
  return found;
}

function present(region: Region) {
  const found = [...domain(region).indices.values()].find(({ aliases }) => aliases.has('cases'));
  if (found === undefined) throw new Error('the alias leads nowhere');
  return found;
}

export const recoveries: RecoveryArrangements = {
  opensearch: {
    member: { kind: 'opensearch', resource, repository: 'nightly' },
    launch: ({ services }) =>
      services.opensearch.world.launch({
        ...{ name: resource, indices: { 'cases-1': [], 'people-1': ['person 1'] } },
        aliases: { 'cases-1': ['cases', 'cases-write'], 'people-1': ['people'] },
      }),
    write: (region, row) => void present(region).documents.push(row),
    find: (region) => ({
      rows: [...present(region).documents],
      settings: { aliases: [...present(region).aliases].toSorted() },
    }),
    everything: (region) =>
      new Map(
        [...domain(region).indices].map(([name, { documents, aliases, health }]) => [
          name,
          { rows: [...documents], aliases: [...aliases].toSorted(), health },
        ]),
      ),
    ungiven: {
      give: (region) => {
        domain(region).indices.set('.ds-logs-000001', { documents: ['a line'], aliases: new Set(), health: 'green' });
      },
      told: /1 hidden indices of the snapshot/,
      isThere: (region) => [...domain(region).indices.keys()].every((name) => !name.includes('cases-1-new-')),
    },
    makes: 2,
    newOneBreaks: ({ services }) => services.opensearch.arrange.nextRestoreNeverEnds(),
  },
};
