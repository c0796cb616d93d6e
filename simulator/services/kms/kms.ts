/** KMS: keys and their states, for the failures that a disabled or dying key causes elsewhere. */
import type * as Kms from '@aws-sdk/client-kms';
import { arn } from '../../iam/arn.ts';
import { type Access, ApiError, type Kernel, type Service } from '../../kernel/service.ts';

export type KeyState = 'Enabled' | 'Disabled' | 'PendingDeletion';

export interface KmsKey {
  readonly id: string;
  readonly arn: string;
  readonly description: string;
  readonly manager: 'AWS' | 'CUSTOMER';
  readonly createdMs: number;
  readonly state: KeyState;
}

export interface KmsService extends Service {
  /** Makes an enabled key. `alias` with or without `alias/`; default manager `CUSTOMER`. */
  createKey(options?: {
    readonly alias?: string;
    /** Default: one that is not known before. */
    readonly id?: string;
    readonly description?: string;
    readonly manager?: 'AWS' | 'CUSTOMER';
  }): KmsKey;
  /** By key id, key ARN, alias or alias ARN; undefined when there is no such key. */
  find(reference: string): KmsKey | undefined;
  /**
   * The key, if it can be used now.
   * @throws ApiError NotFoundException, DisabledException or KMSInvalidStateException.
   */
  requireUsable(reference: string): KmsKey;
  disable(reference: string): void;
  enable(reference: string): void;
  /** The key is pending deletion, and gone after `days` (default 30) of virtual time. */
  scheduleDeletion(reference: string, days?: number): void;
}

interface MutableKey extends KmsKey {
  state: KeyState;
  deletionMs?: number;
}

interface State {
  readonly kernel: Kernel;
  readonly keys: Map<string, MutableKey>;
  /** `alias/name` to key id. */
  readonly aliases: Map<string, string>;
  readonly nextId: () => string;
}

const DAY_MS = 86_400_000;
const DEFAULT_WINDOW_DAYS = 30;

function find(state: State, reference: string): MutableKey | undefined {
  const alias = /(alias\/.+)$/.exec(reference)?.[1];
  return state.keys.get((alias ? state.aliases.get(alias) : reference.split('/').at(-1)) ?? '');
}

function key(state: State, reference: string | undefined): MutableKey {
  const found = find(state, reference ?? '');
  if (found) return found;
  const { kernel } = state;
  throw new ApiError(
    'NotFoundException',
    reference?.includes('alias/')
      ? `Alias ${arn(kernel, 'kms', /(alias\/.+)$/.exec(reference)?.[1] ?? '')} is not found.`
      : `Key '${arn(kernel, 'kms', `key/${reference?.split('/').at(-1)}`)}' does not exist`,
  );
}

/** KMS, "Key states of KMS keys": cryptographic operations fail on both states, with different errors. */
function usableKey(state: State, reference: string | undefined): MutableKey {
  const found = key(state, reference);
  if (found.state === 'Disabled') throw new ApiError('DisabledException', `${found.arn} is disabled.`);
  if (found.state === 'PendingDeletion')
    throw new ApiError('KMSInvalidStateException', `${found.arn} is pending deletion.`);
  return found;
}

function createKey(state: State, description: string, manager: 'AWS' | 'CUSTOMER', id = state.nextId()): MutableKey {
  const { kernel, keys } = state;
  const made: MutableKey = {
    id,
    arn: arn(kernel, 'kms', `key/${id}`),
    description,
    manager,
    createdMs: kernel.clock.nowMs(),
    state: 'Enabled',
  };
  keys.set(id, made);
  return made;
}

function change(found: MutableKey, to: KeyState): void {
  if (found.state === 'PendingDeletion' && to !== 'PendingDeletion')
    throw new ApiError('KMSInvalidStateException', `${found.arn} is pending deletion.`);
  found.state = to;
}

function scheduleDeletion(state: State, found: MutableKey, days: number): number {
  const deletionMs = state.kernel.clock.nowMs() + days * DAY_MS;
  change(found, 'PendingDeletion');
  found.deletionMs = deletionMs;
  state.kernel.clock.at(deletionMs, () => {
    if (found.state === 'PendingDeletion' && found.deletionMs === deletionMs) state.keys.delete(found.id);
  });
  return deletionMs;
}

function metadataOf(state: State, found: MutableKey): Kms.KeyMetadata {
  const deletion = found.deletionMs === undefined ? {} : { DeletionDate: new Date(found.deletionMs) };
  return {
    AWSAccountId: state.kernel.account,
    KeyId: found.id,
    Arn: found.arn,
    CreationDate: new Date(found.createdMs),
    Enabled: found.state === 'Enabled',
    Description: found.description,
    KeyUsage: 'ENCRYPT_DECRYPT',
    KeyState: found.state,
    Origin: 'AWS_KMS',
    KeyManager: found.manager,
    KeySpec: 'SYMMETRIC_DEFAULT',
    EncryptionAlgorithms: ['SYMMETRIC_DEFAULT'],
    MultiRegion: false,
    ...deletion,
  };
}

function listAliases(state: State): Kms.ListAliasesResponse {
  return {
    Aliases: [...state.aliases].map(([name, id]) => ({
      AliasName: name,
      AliasArn: arn(state.kernel, 'kms', name),
      TargetKeyId: id,
    })),
    Truncated: false,
  };
}

function lifecycleOperations(state: State) {
  return {
    EnableKey: ({ KeyId: id }: Kms.EnableKeyRequest) => change(key(state, id), 'Enabled'),
    DisableKey: ({ KeyId: id }: Kms.DisableKeyRequest) => change(key(state, id), 'Disabled'),
    ScheduleKeyDeletion: (input: Kms.ScheduleKeyDeletionRequest): Kms.ScheduleKeyDeletionResponse => {
      const found = key(state, input.KeyId);
      const days = input.PendingWindowInDays ?? DEFAULT_WINDOW_DAYS;
      const deletionMs = scheduleDeletion(state, found, days);
      return { KeyId: found.arn, DeletionDate: new Date(deletionMs), KeyState: found.state, PendingWindowInDays: days };
    },
    CancelKeyDeletion: ({ KeyId: id }: Kms.CancelKeyDeletionRequest) => {
      const found = key(state, id);
      found.state = 'Disabled';
      delete found.deletionMs;
      return { KeyId: found.arn };
    },
  };
}

function keyOperations(state: State) {
  return {
    CreateKey: ({ Description: description = '' }: Kms.CreateKeyRequest) => ({
      KeyMetadata: metadataOf(state, createKey(state, description, 'CUSTOMER')),
    }),
    CreateAlias: ({ AliasName: name = '', TargetKeyId: id }: Kms.CreateAliasRequest) =>
      void state.aliases.set(name, key(state, id).id),
    ListAliases: () => listAliases(state),
    ListKeys: () => ({ Keys: [...state.keys.values()].map((one) => ({ KeyId: one.id, KeyArn: one.arn })) }),
    DescribeKey: ({ KeyId: id }: Kms.DescribeKeyRequest) => ({ KeyMetadata: metadataOf(state, key(state, id)) }),
    GenerateDataKeyWithoutPlaintext: ({ KeyId: id }: Kms.GenerateDataKeyWithoutPlaintextRequest) => ({
      KeyId: usableKey(state, id).arn,
      CiphertextBlob: new TextEncoder().encode(state.nextId()),
    }),
  };
}

function accessOf(
  state: State,
  operation: string,
  input: { KeyId?: string; TargetKeyId?: string; AliasName?: string },
): Access[] {
  const action = `kms:${operation}`;
  const reference = input.KeyId ?? input.TargetKeyId;
  if (reference === undefined) return [{ action, resource: '*' }];
  const resource = find(state, reference)?.arn ?? reference;
  if (input.AliasName === undefined) return [{ action, resource }];
  return [resource, arn(state.kernel, 'kms', input.AliasName)].map((one) => ({ action, resource: one }));
}

/** KMS with the AWS managed key of EBS, `alias/aws/ebs`, and nothing else. */
export function createKms(kernel: Kernel): KmsService {
  const random = kernel.random.fork('kms');
  const nextId = () => [8, 4, 4, 4, 12].map((length) => random.hex(length)).join('-');
  const state: State = { kernel, keys: new Map(), aliases: new Map(), nextId };
  const operations: Service['operations'] = {
    ...keyOperations(state),
    ...lifecycleOperations(state),
  };
  const service: KmsService = {
    name: 'kms',
    client: () => import('@aws-sdk/client-kms'),
    operations,
    access: (operation, input) => accessOf(state, operation, Object(input)),
    createKey: ({ alias, id, description = '', manager = 'CUSTOMER' } = {}) => {
      const made = createKey(state, description, manager, id);
      if (alias) state.aliases.set(`alias/${alias.replace(/^alias\//, '')}`, made.id);
      return made;
    },
    find: (reference) => find(state, reference),
    requireUsable: (reference) => usableKey(state, reference),
    disable: (reference) => change(key(state, reference), 'Disabled'),
    enable: (reference) => change(key(state, reference), 'Enabled'),
    scheduleDeletion: (reference, days = DEFAULT_WINDOW_DAYS) =>
      void scheduleDeletion(state, key(state, reference), days),
  };
  service.createKey({ alias: 'aws/ebs', manager: 'AWS', description: 'Default key that protects my EBS volumes' });
  return service;
}
