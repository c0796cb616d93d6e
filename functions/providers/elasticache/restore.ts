/**
 * A cache from a snapshot, beside the present one. ElastiCache cannot rename, so a parameter leads applications to the new one.
 * https://docs.aws.amazon.com/AmazonElastiCache/latest/dg/backups-restoring.html
 */
import {
  AddTagsToResourceCommand,
  type CreateReplicationGroupMessage,
  RemoveTagsFromResourceCommand,
} from '@aws-sdk/client-elasticache';
import { type CacheForm, checkedCacheName } from '#domain/cache-name.ts';
import { invariantBroken } from '#domain/faults.ts';
import { elasticache } from '#platform/clients/elasticache.ts';
import { cacheSettings } from '../cache-settings.ts';
import { replacement } from '../replacement/replacement.ts';
import type { Order, ReplacementService, Resource } from '../replacement/replacement-service.ts';
import type { Restorer } from '../restorer.ts';
import { tagList } from '../tag-list.ts';
import { logDifferences } from './log-deliveries.ts';
import { nodes } from './nodes.ts';
import { restoreCluster, restoreGroup, restoreServerless } from './restore-calls.ts';
import { filesOf, seed } from './seed.ts';
import { seenCluster, seenGroup, seenServerless } from './seen-resource.ts';
import { serverless } from './serverless.ts';

interface FormRestore {
  look(name: string): Promise<Resource | undefined>;
  restore(name: string, order: Order): Promise<void>;
  /** As an operator would type it. @param from of nodes: the option that says what it is made from */
  line(name: string, snapshotId: string, from: string): string;
  removal(name: string, finalSnapshot: string): string;
}

const forms: Readonly<Record<CacheForm, FormRestore>> = {
  replicationgroup: {
    ...{ look: seenGroup, restore: restoreGroup },
    line: (name, _, from) =>
      `aws elasticache create-replication-group --replication-group-id ${name} ${from} --replication-group-description …`,
    removal: (name, final) =>
      `aws elasticache delete-replication-group --replication-group-id ${name} --final-snapshot-identifier ${final}`,
  },
  cluster: {
    ...{ look: seenCluster, restore: restoreCluster },
    line: (name, _, from) => `aws elasticache create-cache-cluster --cache-cluster-id ${name} ${from} …`,
    removal: (name, final) =>
      `aws elasticache delete-cache-cluster --cache-cluster-id ${name} --final-snapshot-identifier ${final}`,
  },
  serverlesscache: {
    ...{ look: seenServerless, restore: restoreServerless },
    line: (name, snapshotId) =>
      `aws elasticache create-serverless-cache --serverless-cache-name ${name} --engine … --snapshot-arns-to-restore …:serverlesscachesnapshot:${snapshotId}`,
    removal: (name, final) =>
      `aws elasticache delete-serverless-cache --serverless-cache-name ${name} --final-snapshot-name ${final}`,
  },
};

const service: ReplacementService = {
  kind: 'elasticache',
  // The longest name of a serverless cache, its form before it; the others have as much room or more but one.
  mostNameCharacters: 'serverlesscache:'.length + 40,
  look: (resource) => named(resource, ({ look }, name) => look(name)),
  // The creating call takes all of it.
  missing: async () => [],
  change: async (resource) => {
    throw invariantBroken(`Nothing of the cache ${resource} is changed after it is made.`);
  },
  differences: (settings, resource) => {
    const { form, name } = checkedCacheName(resource);
    const known = cacheSettings<CreateReplicationGroupMessage>(settings);
    return [...known.differences, ...logDifferences(known, form, name)];
  },
  refusals: async (id, settings) => {
    // Those were looked at when they were named.
    if (filesOf(settings) !== undefined) return [];
    const found = (await nodes.named(id)) ?? (await serverless.named(id));
    if (found?.state === 'completed') return [];
    return [`The elasticache snapshot ${id} is ${found?.state ?? 'gone'}, and cannot be restored.`];
  },
  restore: async (order) => {
    await named(order.name, ({ restore }, name) => restore(name, order));
  },
  mark: async (resource, tags) => {
    const ResourceName = (await service.look(resource))?.id;
    if (ResourceName === undefined) return;
    await elasticache().send(new AddTagsToResourceCommand({ ResourceName, Tags: tagList(tags) }));
  },
  unmark: async (resource, keys) => {
    const ResourceName = (await service.look(resource))?.id;
    if (ResourceName === undefined) return;
    await elasticache().send(new RemoveTagsFromResourceCommand({ ResourceName, TagKeys: [...keys] }));
  },
  lines: {
    restore: ({ name, snapshotId, settings }) => {
      const from = filesOf(settings) === undefined ? `--snapshot-name ${snapshotId}` : `--snapshot-arns ${snapshotId}`;
      return named(name, ({ line }, plain) => line(plain, snapshotId, from));
    },
    remove: (resource, final) => named(resource, ({ removal }, name) => removal(name, final)),
  },
};

export const elasticacheRestore: Restorer = { ...replacement(service), seed };

function named<Value>(resource: string, use: (form: FormRestore, name: string) => Value): Value {
  const { form, name } = checkedCacheName(resource);
  return use(forms[form], name);
}
