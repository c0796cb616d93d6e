/** Manual snapshots of caches. What nodes and serverless caches call the same, they do by calls of their own. */
import { AddTagsToResourceCommand } from '@aws-sdk/client-elasticache';
import { type CacheForm, type CacheName, checkedCacheName } from '#domain/cache-name.ts';
import type { ManagedMember } from '#domain/policy.ts';
import { elasticache } from '#platform/clients/elasticache.ts';
import { arnOf } from '../cache-snapshot.ts';
import { lookAtMany } from '../look-at-many.ts';
import type { Snapshot, SnapshotService, Source } from '../named-snapshots.ts';
import { type Tags, tagList } from '../tag-list.ts';
import { automatic } from './automatic.ts';
import { nodes } from './nodes.ts';
import { serverless } from './serverless.ts';
import { mayPass } from './state.ts';
import { tagsOf } from './tags.ts';

/** What the calls of one form do. */
export interface FormCalls {
  look(member: ManagedMember, cache: CacheName): Promise<Source | undefined>;
  /** In ElastiCache's words. Undefined: there is none. */
  statusOf(cache: CacheName): Promise<string | undefined>;
  create(name: string, cache: CacheName, settings: Readonly<Record<string, unknown>>, tags: Tags): Promise<Snapshot>;
  named(name: string): Promise<Snapshot | undefined>;
  remove(name: string): Promise<void>;
  /** All manual ones. */
  all(): Promise<readonly Snapshot[]>;
}

const callsOf: Readonly<Record<CacheForm, FormCalls>> = {
  replicationgroup: nodes,
  cluster: nodes,
  serverlesscache: serverless,
};

const formOf = (resource: string): FormCalls => callsOf[checkedCacheName(resource).form];

export const snapshots: SnapshotService = {
  kind: 'elasticache',
  // A snapshot is what the engine itself saves, of one moment.
  consistency: 'application-consistent',
  mostNameCharacters: 40,
  automatic,
  look: (member) => {
    const cache = checkedCacheName(member.resource);
    return callsOf[cache.form].look(member, cache);
  },
  create: (name, { resource, detail }, tags) => {
    const cache = checkedCacheName(resource);
    return callsOf[cache.form].create(name, cache, detail, tags);
  },
  isPassing: async ({ resource }) => {
    const cache = checkedCacheName(resource);
    const status = await callsOf[cache.form].statusOf(cache);
    return status !== undefined && mayPass(status);
  },
  named: (name, { resource }) => formOf(resource).named(name),
  describe: (artifacts) =>
    lookAtMany(artifacts, {
      one: ({ id, source }) => formOf(source).named(id),
      list: async (some) => {
        const forms = new Set(some.map(({ source }) => formOf(source)));
        return (await Promise.all([...forms].map((calls) => calls.all()))).flat();
      },
    }),
  tag: async ({ detail }, tags) => {
    await elasticache().send(new AddTagsToResourceCommand({ ResourceName: arnOf(detail), Tags: tagList(tags) }));
  },
  remove: ({ id, source }) => formOf(source).remove(id),
  tagged: async () => {
    const all = await Promise.all([nodes, serverless].map((calls) => calls.all()));
    const ours = all.flat().filter(({ id }) => id.startsWith('holdfast-'));
    return await Promise.all(
      ours.map(async (snapshot) => ({ ...snapshot, tags: await tagsOf(arnOf(snapshot.detail ?? {})) })),
    );
  },
};
