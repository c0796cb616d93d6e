import type { Region } from '#simulator/region.ts';
import type { RecoveryArrangement, RecoveryArrangements } from '../../conformance/recovery-arrangement.ts';

const parameter = '/orders/cache';
const sign = ({ services }: Region) => services.ssm.parameters.get(parameter) ?? '';

interface Cache {
  readonly name: string;
  readonly status: string;
  readonly tags: ReadonlyMap<string, string>;
  readonly shards: string[][];
  readonly settings: object;
}

const world = ({ services }: Region) => services.elasticache.world;
const groups = (region: Region): readonly Cache[] => [...world(region).groups.values()];
const clusters = (region: Region): readonly Cache[] =>
  [...world(region).nodes.values()].map((node) => ({ ...node, settings: node.nodeSettings }));
const serverless = (region: Region): readonly Cache[] => [...world(region).serverlessCaches.values()];

interface Form {
  readonly resource: string;
  readonly all: (region: Region) => readonly Cache[];
  readonly launch: (region: Region) => void;
  /** Before the name and after it. */
  readonly host: readonly [string, string];
  readonly ungiven?: RecoveryArrangement['ungiven'];
  readonly newOneBreaks?: RecoveryArrangement['newOneBreaks'];
}

function arrangementOf({ resource, all, launch, host, ungiven, ...others }: Form): RecoveryArrangement {
  const present = (region: Region) => {
    const found = all(region).find(({ name }) => sign(region).split('.').includes(name));
    if (found === undefined) throw new Error(`nothing is led to by ${sign(region)}`);
    return found;
  };
  return {
    member: { kind: 'elasticache', resource, parameter },
    launch: (region) => {
      launch(region);
      region.services.ssm.parameters.set(parameter, `${host.join('orders')}:6379`);
    },
    write: (region, row) => void present(region).shards[0]?.push(row),
    find: (region) => {
      const { shards, settings, tags } = present(region);
      return { rows: shards.flat(), settings: { ...settings, team: tags.get('team') } };
    },
    everything: (region) =>
      new Map<string, unknown>([
        ...all(region).map(({ name, status, tags, shards, settings }): [string, unknown] => [
          name,
          { status, tags: Object.fromEntries(tags), settings: { ...settings }, rows: shards.flat() },
        ]),
        [parameter, sign(region)],
      ]),
    ...(ungiven === undefined ? {} : { ungiven }),
    newOneBreaks: ({ services }) => services.elasticache.arrange.nextRestoreFails(),
    ...others,
  };
}

const tags = { team: 'shop' };
const logs = [
  {
    ...({ LogType: 'slow-log', DestinationType: 'cloudwatch-logs', LogFormat: 'json', Status: 'active' } as const),
    DestinationDetails: { CloudWatchLogsDetails: { LogGroup: '/caches/orders' } },
  },
];
const hasLogs = (caches: (region: Region) => readonly Cache[]) => (region: Region) =>
  caches(region).some(({ name, settings }) => {
    const { LogDeliveryConfigurations: configured = [] } = settings as {
      LogDeliveryConfigurations?: readonly unknown[];
    };
    return configured.length > 0 && sign(region).split('.').includes(name);
  });

const groupLogs: NonNullable<RecoveryArrangement['ungiven']> = {
  give: (region) => {
    for (const group of world(region).groups.values())
      group.settings = { ...group.settings, LogDeliveryConfigurations: logs };
  },
  told: /modify-replication-group --replication-group-id/,
  isThere: hasLogs(groups),
};

export const recoveries: RecoveryArrangements = {
  'elasticache: group in cluster mode': arrangementOf({
    ...{ resource: 'replicationgroup:orders', all: groups, ungiven: groupLogs, host: ['clustercfg.', '.c0ffee'] },
    launch: (region) => world(region).launchGroup({ name: 'orders', tags }),
  }),
  'elasticache: group of one shard': arrangementOf({
    ...{ resource: 'replicationgroup:orders', all: groups, ungiven: groupLogs, host: ['master.', '.c0ffee'] },
    launch: (region) => world(region).launchGroup({ name: 'orders', tags, clusterMode: false }),
  }),
  'elasticache: cluster': arrangementOf({
    ...{ resource: 'cluster:orders', all: clusters, host: ['', '.c0ffee'] },
    launch: (region) => world(region).launchCluster({ name: 'orders', tags }),
    ungiven: {
      give: (region) => {
        for (const node of world(region).nodes.values())
          node.nodeSettings = { ...node.nodeSettings, LogDeliveryConfigurations: logs };
      },
      told: /modify-cache-cluster --cache-cluster-id/,
      isThere: hasLogs(clusters),
    },
  }),
  // The creating call takes all of it.
  'elasticache: serverless': arrangementOf({
    ...{ resource: 'serverlesscache:orders', all: serverless, host: ['', '.serverless.c0ffee'] },
    launch: (region) => world(region).launchServerless({ name: 'orders', tags }),
    newOneBreaks: ({ services }) => services.elasticache.arrange.serverless.nextRestoreFails(),
  }),
};
