/**
 * The snapshots that ElastiCache makes by itself. `ApplyImmediately` is left out: these settings need none, and it would apply whatever
 * else is waiting for the maintenance window.
 * https://docs.aws.amazon.com/AmazonElastiCache/latest/APIReference/API_ModifyReplicationGroup.html
 */
import {
  ModifyCacheClusterCommand,
  ModifyReplicationGroupCommand,
  ModifyServerlessCacheCommand,
} from '@aws-sdk/client-elasticache';
import { type CacheForm, checkedCacheName } from '#domain/cache-name.ts';
import { elasticache } from '#platform/clients/elasticache.ts';
import { automaticOf, automaticSettings } from '../automatic-settings.ts';
import type { AutomaticCalls } from '../provider.ts';
import { clusterNamed } from './look-at-cluster.ts';
import { groupNamed } from './look-at-group.ts';
import { cacheNamed } from './serverless.ts';
import { automaticOfServerless } from './serverless-settings.ts';

const callsOf: Readonly<Record<CacheForm, AutomaticCalls>> = {
  replicationgroup: {
    read: async (name) => {
      const group = await groupNamed(name);
      return group && automaticOf(group);
    },
    set: async (name, wanted) => {
      const settings = { ReplicationGroupId: name, ...automaticSettings(wanted) };
      await elasticache().send(new ModifyReplicationGroupCommand(settings));
    },
  },
  cluster: {
    read: async (name) => {
      const cluster = await clusterNamed(name);
      return cluster && automaticOf(cluster);
    },
    set: async (name, wanted) => {
      await elasticache().send(new ModifyCacheClusterCommand({ CacheClusterId: name, ...automaticSettings(wanted) }));
    },
  },
  serverlesscache: {
    read: async (name) => {
      const cache = await cacheNamed(name);
      return cache && automaticOfServerless(cache);
    },
    set: async (name, { retentionDays, window }) => {
      const settings = { SnapshotRetentionLimit: retentionDays, DailySnapshotTime: window };
      await elasticache().send(new ModifyServerlessCacheCommand({ ServerlessCacheName: name, ...settings }));
    },
  },
};

export const automatic: AutomaticCalls = {
  read: (resource) => {
    const { form, name } = checkedCacheName(resource);
    return callsOf[form].read(name);
  },
  set: (resource, wanted) => {
    const { form, name } = checkedCacheName(resource);
    return callsOf[form].set(name, wanted);
  },
};
