import type { Region } from '#simulator/region.ts';
import type { RecoveryArrangements } from '../../conformance/recovery-arrangement.ts';

const resource = 'bears';

function present({ services }: Region) {
  const found = services.toystore.world.stores.get(resource);
  if (found === undefined) throw new Error('there is no store');
  return found;
}

export const recoveries: RecoveryArrangements = {
  'toy-store': {
    member: { kind: 'toy-store', resource, street: 'High Street' },
    launch: ({ services }) => services.toystore.world.launch(resource),
    write: (region, row) => void present(region).toys.push(row),
    find: (region) => ({ rows: [...present(region).toys], settings: { street: present(region).street } }),
    everything: ({ services }) =>
      new Map(
        [...services.toystore.world.stores].map(([name, { id, status, toys, tags }]) => [
          id,
          { name, status, toys: [...toys], tags: Object.fromEntries(tags) },
        ]),
      ),
    newOneBreaks: ({ services }) => services.toystore.arrange.nextRestoreNeverEnds(),
  },
};
