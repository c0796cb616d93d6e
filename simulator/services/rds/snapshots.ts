import type * as Rds from '@aws-sdk/client-rds';
import { ApiError } from '../../kernel/service.ts';
import type { Account } from './account.ts';
import { type RdsContext, tagList, tagMap } from './context.ts';
import type { Copies } from './copies.ts';
import { restoredSettings } from './instance-settings.ts';
import type { Instance, Instances } from './instances.ts';
import type { createOptionGroups } from './option-groups.ts';

export interface Snapshot {
  readonly name: string;
  readonly source: Instance;
  /** The source's name when it was taken. */
  readonly sourceName: string;
  status: 'creating' | 'copying' | 'available' | 'failed';
  /** ARN of what it was copied from, in another Region. */
  readonly copiedFrom?: string;
  readonly createdMs: number;
  /** The moment that its rows are of. */
  readonly cutAtMs: number;
  readonly tags: Map<string, string>;
  readonly settings: Partial<Rds.DBInstance>;
  /** The source's rows at the moment of the cut. */
  rows: readonly string[];
  percent: number;
}

/** The storage is copied as it is soon after the call; until then the database writes on. */
const cutMs = 4000;
const ready = ['available', 'storage-optimization'];

interface Parts {
  readonly instances: Instances;
  readonly account: Account;
  readonly copies: Copies;
  readonly optionGroups: ReturnType<typeof createOptionGroups>;
}

interface State extends Parts, RdsContext {
  readonly snapshotMs: number;
  readonly all: Map<string, Snapshot>;
  /** How the next snapshot ends, if not as `available`. */
  fate?: 'failed' | 'never' | undefined;
}

const shown = ({ kernel, arnOf }: State, snapshot: Snapshot): Rds.DBSnapshot => ({
  DBSnapshotIdentifier: snapshot.name,
  DBSnapshotArn: arnOf('snapshot', snapshot.name),
  DBInstanceIdentifier: snapshot.sourceName,
  DbiResourceId: snapshot.source.resourceId,
  SnapshotType: 'manual',
  Status: snapshot.status,
  PercentProgress: snapshot.percent,
  // It is not told before the storage is copied.
  ...(snapshot.status === 'creating' && kernel.clock.nowMs() < snapshot.cutAtMs
    ? {}
    : {
        SnapshotCreateTime: new Date(snapshot.copiedFrom === undefined ? snapshot.cutAtMs : snapshot.createdMs),
        OriginalSnapshotCreateTime: new Date(snapshot.cutAtMs),
      }),
  ...(snapshot.status === 'available' && snapshot.source.tellsDatabaseTime
    ? { SnapshotDatabaseTime: new Date(snapshot.cutAtMs) }
    : {}),
  Engine: snapshot.settings.Engine,
  ...{ Encrypted: snapshot.settings.KmsKeyId !== undefined, KmsKeyId: snapshot.settings.KmsKeyId },
  SourceDBSnapshotIdentifier: snapshot.copiedFrom,
  TagList: tagList(snapshot.tags),
});

function named({ all }: State, name: string | undefined): Snapshot {
  const found = all.get(name ?? '');
  if (found === undefined) throw new ApiError('DBSnapshotNotFound', `DBSnapshot ${name} not found.`, 404);
  return found;
}

function refuseTaken({ all }: State, name: string): void {
  if (all.has(name))
    throw new ApiError(
      'DBSnapshotAlreadyExists',
      `Cannot create the snapshot because one with the identifier ${name} already exists.`,
    );
}

function create(state: State, input: Rds.CreateDBSnapshotMessage): Rds.CreateDBSnapshotResult {
  const { kernel, instances, account, all } = state;
  const { DBInstanceIdentifier = '', DBSnapshotIdentifier: name = '', Tags = [] } = input;
  const source = instances.named(DBInstanceIdentifier);
  refuseTaken(state, name);
  if (!ready.includes(source.status))
    throw new ApiError(
      'InvalidDBInstanceState',
      `Cannot create a snapshot because the database instance ${source.name} is not currently in the available state.`,
    );
  account.refuseBeyondQuota('ManualSnapshots', all.size);
  const snapshot: Snapshot = {
    ...{ name, source, sourceName: source.name, status: 'creating', percent: 0, rows: [] },
    createdMs: kernel.clock.nowMs(),
    cutAtMs: kernel.clock.nowMs() + cutMs,
    tags: tagMap(Tags),
    settings: source.settings,
  };
  all.set(name, snapshot);
  source.status = 'backing-up';
  follow(state, snapshot);
  return { DBSnapshot: shown(state, snapshot) };
}

function follow(state: State, snapshot: Snapshot): void {
  const { clock } = state.kernel;
  const end = state.fate ?? 'available';
  state.fate = undefined;
  clock.at(snapshot.cutAtMs, () => {
    snapshot.rows = [...snapshot.source.rows];
    snapshot.percent = 30;
  });
  if (end === 'never') return;
  clock.at(snapshot.createdMs + state.snapshotMs, () => {
    snapshot.status = end;
    snapshot.percent = 100;
    if (snapshot.source.status === 'backing-up') snapshot.source.status = 'available';
    tellEnd(state, snapshot);
  });
}

function tellEnd({ kernel, arnOf }: State, { name }: Snapshot): void {
  kernel.emit({
    source: 'aws.rds',
    detailType: 'RDS DB Snapshot Event',
    resources: [arnOf('snapshot', name)],
    detail: { EventID: 'RDS-EVENT-0042', SourceIdentifier: name, SourceType: 'SNAPSHOT' },
  });
}

/** It has no tags but those given. */
function copy(state: State, input: Rds.CopyDBSnapshotMessage): Rds.CopyDBSnapshotResult {
  const { kernel, account, copies, optionGroups, all } = state;
  const { SourceDBSnapshotIdentifier: from = '', TargetDBSnapshotIdentifier: name = '', Tags = [] } = input;
  const { there, name: sourceName } = copies.elsewhere(from);
  const source = there?.snapshots.get(sourceName);
  if (source === undefined) throw new ApiError('DBSnapshotNotFound', `DBSnapshot ${from} not found.`, 404);
  if (source.status !== 'available')
    throw new ApiError('InvalidDBSnapshotState', `The snapshot ${from} is ${source.status}.`);
  refuseTaken(state, name);
  copies.check({ from, key: input.KmsKeyId, sourceKey: source.settings.KmsKeyId });
  account.refuseBeyondQuota('ManualSnapshots', all.size);
  optionGroups.check(there?.optionGroups ?? new Map(), optionGroupOf(source), input.OptionGroupName);
  const made: Snapshot = {
    ...{ ...source, name, status: 'copying', percent: 0, copiedFrom: from, tags: tagMap(Tags) },
    createdMs: kernel.clock.nowMs(),
    settings: copiedSettings(source, input),
  };
  all.set(name, made);
  const isAtWork = () => all.get(name) === made && made.status === 'copying';
  const isSourceThere = () => there?.snapshots.get(sourceName) === source;
  const end = (status: 'available' | 'failed') => void Object.assign(made, { status, percent: 100 });
  copies.follow({ key: input.KmsKeyId, isAtWork, isSourceThere, end }, sourceName);
  return { DBSnapshot: shown(state, made) };
}

const optionGroupOf = ({ settings: { OptionGroupMemberships: [group] = [] } }: Snapshot): string =>
  group?.OptionGroupName ?? '';

/** The default option group unless another is given, since those are of one Region. */
function copiedSettings(source: Snapshot, input: Rds.CopyDBSnapshotMessage): Snapshot['settings'] {
  const { OptionGroupMemberships: _, ...settings } = source.settings;
  const { KmsKeyId, OptionGroupName } = input;
  return {
    ...settings,
    ...(KmsKeyId === undefined ? {} : { KmsKeyId }),
    ...(OptionGroupName === undefined ? {} : { OptionGroupMemberships: [{ OptionGroupName, Status: 'in-sync' }] }),
  };
}

function remove(state: State, { DBSnapshotIdentifier }: Rds.DeleteDBSnapshotMessage): Rds.DeleteDBSnapshotResult {
  const snapshot = named(state, DBSnapshotIdentifier);
  if (snapshot.status === 'creating')
    throw new ApiError(
      'InvalidDBSnapshotState',
      `Cannot delete the snapshot because it is not currently in the available or failed state: ${snapshot.name}.`,
    );
  state.all.delete(snapshot.name);
  return { DBSnapshot: shown(state, snapshot) };
}

function restore(state: State, input: Rds.RestoreDBInstanceFromDBSnapshotMessage) {
  const snapshot = named(state, input.DBSnapshotIdentifier);
  if (snapshot.status !== 'available')
    throw new ApiError('InvalidDBSnapshotState', `The snapshot ${snapshot.name} is ${snapshot.status}.`);
  const tags = input.Tags === undefined ? snapshot.tags : tagMap(input.Tags);
  const settings = restoredSettings(snapshot.settings, input);
  return state.instances.restore(input.DBInstanceIdentifier ?? '', settings, tags, snapshot.rows);
}

const operationsOf = (state: State) => ({
  CreateDBSnapshot: (input: Rds.CreateDBSnapshotMessage) => create(state, input),
  CopyDBSnapshot: (input: Rds.CopyDBSnapshotMessage) => copy(state, input),
  DescribeDBSnapshots: ({ DBSnapshotIdentifier: name }: Rds.DescribeDBSnapshotsMessage) => ({
    DBSnapshots: (name === undefined ? [...state.all.values()] : [named(state, name)]).map((one) => shown(state, one)),
  }),
  DeleteDBSnapshot: (input: Rds.DeleteDBSnapshotMessage) => remove(state, input),
  RestoreDBInstanceFromDBSnapshot: (input: Rds.RestoreDBInstanceFromDBSnapshotMessage) => restore(state, input),
});

export function createSnapshots(context: RdsContext, parts: Parts, snapshotMs: number) {
  const state: State = { ...context, ...parts, snapshotMs, all: new Map() };
  const { all } = state;
  return {
    all,
    byArn: (resourceArn: string) =>
      [...all.values()].find(({ name }) => context.arnOf('snapshot', name) === resourceArn),
    arrange: {
      snapshotDeleted: (name: string) => void all.delete(name),
      nextSnapshotFails: () => {
        state.fate = 'failed';
      },
      nextSnapshotNeverEnds: () => {
        state.fate = 'never';
      },
    },
    operations: operationsOf(state),
  };
}
