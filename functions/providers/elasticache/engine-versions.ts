/** https://docs.aws.amazon.com/AmazonElastiCache/latest/APIReference/API_DescribeCacheEngineVersions.html */
import { paginateDescribeCacheEngineVersions } from '@aws-sdk/client-elasticache';
import { type CacheForm, checkedCacheName } from '#domain/cache-name.ts';
import { elasticache } from '#platform/clients/elasticache.ts';
import type { VersionService } from '../cache-versions.ts';

const upgrades: Readonly<Record<CacheForm, readonly [command: string, option: string]>> = {
  replicationgroup: ['modify-replication-group --replication-group-id', '--engine-version'],
  cluster: ['modify-cache-cluster --cache-cluster-id', '--engine-version'],
  serverlesscache: ['modify-serverless-cache --serverless-cache-name', '--major-engine-version'],
};

export const engineVersions: VersionService = {
  ...{ kind: 'elasticache', name: 'ElastiCache' },
  // AWS lists none apart for serverless caches: a major version is taken for offered where any of it is.
  offered: async (Engine) => {
    const found = [];
    const pages = paginateDescribeCacheEngineVersions({ client: elasticache() }, { Engine });
    for await (const { CacheEngineVersions = [] } of pages) found.push(...CacheEngineVersions);
    return found.flatMap(({ EngineVersion }) => EngineVersion ?? []);
  },
  upgrade: (resource) => {
    const { form, name } = checkedCacheName(resource);
    const [command, option] = upgrades[form];
    return `aws elasticache ${command} ${name} ${option}`;
  },
};

/**
 * A cluster tells its patch, 7.2.6, which nobody may choose: "Specific version selection is not allowed for '7.2.6', please use '7.2'". Redis
 * before 6, and Memcached, are asked for by their patch.
 * https://docs.aws.amazon.com/AmazonElastiCache/latest/dg/supported-engine-versions.html
 */
export function askedVersion(engine: string | undefined, version: string | undefined): string | undefined {
  const [major = '', minor = '0'] = version?.split('.') ?? [];
  const isByMinor = engine === 'valkey' || (engine === 'redis' && Number(major) >= 6);
  return isByMinor && version !== undefined ? `${major}.${minor}` : version;
}
