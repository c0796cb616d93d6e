import type { Region } from '#simulator/region.ts';
import { cname, readCname, setCname } from '../../conformance/cname.ts';
import type { RecoveryArrangement, RecoveryArrangements } from '../../conformance/recovery-arrangement.ts';

const resource = 'orders';
const parameter = '/orders/cache';

const hostOf = (cluster: string) => `clustercfg.${cluster}.c0ffee.memorydb.eu-west-1.amazonaws.com`;
const all = ({ services }: Region) => services.memorydb.world.clusters;

type Sign = (region: Region) => string;

function present(region: Region, sign: Sign) {
  const found = all(region).get(sign(region).split('.')[1] ?? '');
  if (found === undefined) throw new Error(`nothing is led to by ${sign(region)}`);
  return found;
}

const by = (sign: Sign, lead: RecoveryArrangement['launch']): Omit<RecoveryArrangement, 'member'> => ({
  launch: async (region) => {
    region.services.memorydb.world.launch({ name: resource, tags: { team: 'shop' } });
    await lead(region);
  },
  write: (region, row) => void present(region, sign).shards[1]?.push(row),
  find: (region) => {
    const { shards, settings, tags } = present(region, sign);
    return { rows: shards.flat(), settings: { ...settings, team: tags.get('team') } };
  },
  everything: (region) =>
    new Map<string, unknown>([
      ...[...all(region).values()].map((each): [string, unknown] => [
        each.name,
        {
          status: each.status,
          tags: Object.fromEntries(each.tags),
          settings: { ...each.settings },
          rows: each.shards.flat(),
        },
      ]),
      ['sign', sign(region)],
    ]),
  ungiven: {
    give: (region) => {
      const cluster = present(region, sign);
      cluster.settings = { ...cluster.settings, MultiRegionClusterName: 'virxk-orders' };
    },
    told: /it was a member of the multi-Region cluster virxk-orders, which a new cluster is not/,
    isThere: (region) => present(region, sign).settings.MultiRegionClusterName !== undefined,
  },
  newOneBreaks: ({ services }) => services.memorydb.arrange.nextRestoreFails(),
});

const saidByParameter: Sign = ({ services }) => services.ssm.parameters.get(parameter) ?? '';

export const recoveries: RecoveryArrangements = {
  'memorydb: found by a parameter': {
    ...by(saidByParameter, ({ services }) => void services.ssm.parameters.set(parameter, `${hostOf(resource)}:6379`)),
    member: { kind: 'memorydb', resource, parameter },
  },
  'memorydb: found by a record': {
    ...by(readCname, (region) => setCname(region, hostOf(resource))),
    member: { kind: 'memorydb', resource, cname },
  },
};
