/** Stores of toys, and snapshots of them: a service as new ones begin. */
import { arn } from '../../iam/arn.ts';
import { type Access, ApiError, type Kernel, type Service } from '../../kernel/service.ts';
import { clientOf } from './client.ts';

export interface ToyStoreOptions {
  /** From CreateSnapshot until `packed`. Default 5 minutes. */
  readonly packingMs?: number;
}

interface Store {
  readonly id: string;
  status: string;
  readonly street: string;
  readonly toys: string[];
  readonly tags: Map<string, string>;
}

interface Snapshot {
  readonly name: string;
  readonly store: Store;
  status: string;
  readonly startedMs: number;
  fixedMs?: number;
  toys: readonly string[];
  readonly tags: Map<string, string>;
}

interface Input {
  readonly Name: string;
  readonly NewName?: string;
  readonly StoreName?: string;
  readonly SnapshotName?: string;
  readonly Tags?: Readonly<Record<string, string>>;
  readonly TagKeys?: readonly string[];
}

export interface ToyStores extends Service {
  readonly world: {
    launch(name: string, ...toys: readonly string[]): void;
    readonly stores: ReadonlyMap<string, Store>;
    readonly snapshots: ReadonlyMap<string, Snapshot>;
  };
  readonly arrange: {
    setStatus(name: string, status: string): void;
    nextSnapshotFails(): void;
    nextRestoreNeverEnds(): void;
  };
}

export function createToyStores(kernel: Kernel, { packingMs = 300_000 }: ToyStoreOptions = {}): ToyStores {
  const { clock } = kernel;
  const random = kernel.random.fork('toystore');
  const stores = new Map<string, Store>();
  const snapshots = new Map<string, Snapshot>();
  let ending = 'packed';
  let furnished = 'open';

  const store = (name = ''): Store => known(stores, name, 'StoreNotFound');
  const snapshot = (name = ''): Snapshot => known(snapshots, name, 'SnapshotNotFound');
  const add = (name: string, status: string, toys: readonly string[], tags: Input['Tags'] = {}): Store => {
    if (stores.has(name)) throw new ApiError('StoreAlreadyExists', `There is a store ${name}.`);
    const made = { ...{ id: random.hex(8), status, street: 'High Street' }, toys: [...toys], tags: tagMap(tags) };
    stores.set(name, made);
    return made;
  };
  const pack = (made: Snapshot): void => {
    const status = ending;
    ending = 'packed';
    clock.at(clock.nowMs() + packingMs, () => {
      Object.assign(made, { status, toys: [...made.store.toys], fixedMs: clock.nowMs() });
    });
  };

  const operations = {
    DescribeStore: ({ Name }: Input) => {
      const { id: Id, status: Status, street: Street, tags } = store(Name);
      return { Store: { Id, Status, Street, Tags: Object.fromEntries(tags) } };
    },
    RestoreStore: ({ Name, SnapshotName, Tags }: Input) => {
      const made = add(Name, 'furnishing', snapshot(SnapshotName).toys, Tags);
      const status = furnished;
      furnished = 'open';
      clock.at(clock.nowMs() + packingMs, () => {
        made.status = status;
      });
      return {};
    },
    RenameStore: ({ Name, NewName = '' }: Input) => {
      const moved = store(Name);
      if (stores.has(NewName)) throw new ApiError('StoreAlreadyExists', `There is a store ${NewName}.`);
      stores.delete(Name);
      stores.set(NewName, moved);
      return {};
    },
    TagStore: ({ Name, Tags = {} }: Input) => put(store(Name).tags, Tags),
    UntagStore: ({ Name, TagKeys = [] }: Input) => {
      for (const key of TagKeys) store(Name).tags.delete(key);
      return {};
    },
    CreateSnapshot: ({ Name, StoreName, Tags = {} }: Input) => {
      if (snapshots.has(Name)) throw new ApiError('SnapshotAlreadyExists', `There is a snapshot ${Name}.`);
      const made: Snapshot = {
        ...{ name: Name, store: store(StoreName), status: 'packing', startedMs: clock.nowMs(), toys: [] },
        tags: tagMap(Tags),
      };
      snapshots.set(Name, made);
      pack(made);
      return { Snapshot: shown(made) };
    },
    DescribeSnapshot: ({ Name }: Input) => ({ Snapshot: shown(snapshot(Name)) }),
    ListSnapshots: () => ({ Snapshots: [...snapshots.values()].map(shown) }),
    TagSnapshot: ({ Name, Tags = {} }: Input) => put(snapshot(Name).tags, Tags),
    DeleteSnapshot: ({ Name }: Input) => {
      snapshot(Name);
      snapshots.delete(Name);
      return {};
    },
  };
  return {
    name: 'toystore',
    client: async () => clientOf(Object.keys(operations)),
    operations,
    access: (operation, input) => accessOf(kernel, operation, Object(input)),
    world: { launch: (name, ...toys) => void add(name, 'open', toys), stores, snapshots },
    arrange: {
      setStatus: (name, status) => {
        store(name).status = status;
      },
      nextSnapshotFails: () => {
        ending = 'torn';
      },
      nextRestoreNeverEnds: () => {
        furnished = 'furnishing';
      },
    },
  };
}

function known<Kept>(all: ReadonlyMap<string, Kept>, name: string, code: string): Kept {
  const found = all.get(name);
  if (found === undefined) throw new ApiError(code, `There is no ${name}.`);
  return found;
}

const tagMap = (tags: Readonly<Record<string, string>>) => new Map(Object.entries(tags));

function put(worn: Map<string, string>, tags: Readonly<Record<string, string>>): object {
  for (const [key, value] of Object.entries(tags)) worn.set(key, value);
  return {};
}

const iso = (ms: number): string => new Date(ms).toISOString();

const shown = ({ name, status, startedMs, fixedMs, tags }: Snapshot) => ({
  ...{ Name: name, Status: status, StartedAt: iso(startedMs), Tags: Object.fromEntries(tags) },
  ...(fixedMs === undefined ? {} : { FixedAt: iso(fixedMs) }),
});

/** Of a store, a snapshot, or both. */
function accessOf(kernel: Kernel, operation: string, input: Partial<Input>): readonly Access[] {
  const on = (type: string, name = '*'): Access => ({
    ...{ action: `toystore:${operation}`, resource: arn(kernel, 'toystore', `${type}/${name}`) },
  });
  if (operation === 'ListSnapshots') return [{ action: 'toystore:ListSnapshots', resource: '*' }];
  if (operation === 'CreateSnapshot') return [on('store', input.StoreName), on('snapshot', input.Name)];
  if (operation === 'RestoreStore') return [on('store', input.Name), on('snapshot', input.SnapshotName)];
  return [on(operation.includes('Snapshot') ? 'snapshot' : 'store', input.Name)];
}
