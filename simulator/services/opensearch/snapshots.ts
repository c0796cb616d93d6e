/**
 * Snapshots of a domain's indices in its repositories: one at a time, each index copied at a moment of its own.
 * https://docs.opensearch.org/latest/api-reference/snapshots/create-snapshot/
 */
import { ApiError, type Kernel } from '../../kernel/service.ts';
import type { Domain } from './domains.ts';
import { chosenFrom } from './index-names.ts';

export interface Snapshot {
  readonly name: string;
  readonly repository: string;
  readonly domain: Domain;
  state: 'IN_PROGRESS' | 'SUCCESS' | 'PARTIAL' | 'FAILED';
  readonly startedMs: number;
  endedMs: number;
  readonly metadata: Readonly<Record<string, unknown>>;
  readonly names: readonly string[];
  /** By name, those that have been copied. */
  readonly indices: Map<string, { readonly documents: readonly string[]; readonly aliases: readonly string[] }>;
  readonly failures: { readonly index: string; readonly shard_id: number; readonly reason: string }[];
}

type Fate = 'SUCCESS' | 'PARTIAL' | 'FAILED' | 'never';

interface Asked {
  readonly indices?: string;
  readonly metadata?: Readonly<Record<string, unknown>>;
}

/** Of what one's own may carry; CreateSnapshotRequest. */
const mostMetadataBytes = 1024;
const nameRule = /^[^A-Z\s,\\/*?"<>|#_][^A-Z\s,\\/*?"<>|#]*$/;

export type Snapshots = ReturnType<typeof createSnapshots>;

export function createSnapshots({ clock }: Kernel, snapshotMs: number, shardMs: number) {
  const all = new Map<string, Snapshot>();
  let fate: Fate = 'SUCCESS';

  const running = (domain: Domain) =>
    [...all.values()].filter((each) => each.domain === domain && each.state === 'IN_PROGRESS');

  const named = (domain: Domain, repository: string, name: string): Snapshot => {
    const found = all.get(name);
    if (found?.domain !== domain || found.repository !== repository)
      throw new ApiError('snapshot_missing_exception', `[${repository}:${name}] is missing`, 404);
    return found;
  };

  const refuse = (domain: Domain, repository: string, name: string, metadata: object): void => {
    const at = `[${repository}:${name}]`;
    if (!nameRule.test(name)) throw new ApiError('invalid_snapshot_name_exception', `${at} must be lowercase`, 400);
    if (JSON.stringify(metadata).length > mostMetadataBytes)
      throw new ApiError('action_request_validation_exception', 'metadata must be smaller than 1024 bytes', 400);
    if (all.has(name))
      throw new ApiError('invalid_snapshot_name_exception', `${at} snapshot with the same name already exists`, 400);
    if (running(domain).length > 0)
      throw new ApiError('concurrent_snapshot_execution_exception', `${at} a snapshot is already running`, 503);
  };

  const finish = (snapshot: Snapshot, end: Exclude<Fate, 'never'>): void => {
    if (all.get(snapshot.name) !== snapshot) return;
    snapshot.state = end;
    snapshot.endedMs = clock.nowMs();
    const [index = '_all'] = snapshot.names;
    if (end !== 'SUCCESS') snapshot.failures.push({ index, shard_id: 0, reason: 'node left the cluster' });
  };

  const follow = (snapshot: Snapshot): void => {
    const { domain, startedMs, names } = snapshot;
    const end = fate;
    fate = 'SUCCESS';
    for (const [at, name] of names.entries()) {
      clock.at(startedMs + (at + 1) * shardMs, () => {
        const { documents = [], aliases = [] } = domain.indices.get(name) ?? {};
        snapshot.indices.set(name, { documents: [...documents], aliases: [...aliases] });
      });
    }
    if (end !== 'never') clock.at(startedMs + snapshotMs, () => finish(snapshot, end));
  };

  const create = (domain: Domain, repository: string, name: string, body: unknown): Snapshot => {
    const { indices = '*', metadata = {} }: Asked = Object(body);
    refuse(domain, repository, name, metadata);
    const snapshot: Snapshot = {
      ...{ name, repository, domain, state: 'IN_PROGRESS', startedMs: clock.nowMs(), endedMs: 0, metadata },
      ...{ names: chosenFrom([...domain.indices.keys()], indices), indices: new Map(), failures: [] },
    };
    all.set(name, snapshot);
    follow(snapshot);
    return snapshot;
  };

  return {
    all,
    create,
    named,
    running,
    /** Every value as text. */
    keptIn: (domain: Domain, repository: string) =>
      [...all.values()]
        .filter((each) => each.domain === domain && each.repository === repository)
        .map(({ name: id, state: status, startedMs, endedMs }) => ({
          ...{ id, status, start_epoch: seconds(startedMs), end_epoch: seconds(endedMs) },
        })),
    /** One that is being made is aborted. */
    remove: (domain: Domain, repository: string, name: string) => void all.delete(named(domain, repository, name).name),
    nextEndsAs: (end: Fate) => {
      fate = end;
    },
  };
}

const seconds = (ms: number): string => String(Math.floor(ms / 1000));

/** https://docs.opensearch.org/latest/api-reference/snapshots/get-snapshot/ */
export const shown = ({ name, state, names, metadata, startedMs, endedMs, failures }: Snapshot) => ({
  ...{ snapshot: name, uuid: name, version: '2.19.0', indices: names, data_streams: [], include_global_state: false },
  ...{ metadata, state, start_time_in_millis: startedMs, end_time_in_millis: endedMs, failures },
  shards: { total: names.length, failed: failures.length, successful: names.length - failures.length },
});
