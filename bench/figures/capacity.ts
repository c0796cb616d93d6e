/**
 * What calls of the table cost in DynamoDB's units, from the calls alone: it is told of every write, so it knows what each read
 * finds. A read unit is 4 KB strongly consistent, or 8 KB of the index; a write unit is 1 KB of the larger of an item before and after,
 * and one more for each change of its entry in the index.
 * https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/capacity-unit-calculations.html
 */
import type { CallRecord } from '#simulator/kernel/call-log.ts';

export interface Units {
  readonly read: number;
  readonly write: number;
}

type Value = Readonly<Record<string, unknown>>;
type Item = Readonly<Record<string, Value>>;

interface Input {
  readonly Item?: Item;
  readonly Key?: Item;
  readonly IndexName?: string;
  readonly Limit?: number;
  readonly ScanIndexForward?: boolean;
  readonly ExpressionAttributeValues?: Item;
}

interface Entry {
  readonly sk: string;
  readonly bytes: number;
  /** Its entry in the index; empty: none. */
  readonly index: string;
}

const none: Units = { read: 0, write: 0 };
const text = (value: Value | undefined): string => String(value?.S ?? value?.N ?? '');

/** The documented sizes of attribute values. */
function sizeOf(value: unknown): number {
  const { S, N, M, L } = Object(value) as { S?: string; N?: string; M?: Item; L?: readonly unknown[] };
  if (S !== undefined) return Buffer.byteLength(S);
  if (N !== undefined) return Math.ceil(N.length / 2) + 1;
  if (M !== undefined)
    return 3 + Object.entries(M).reduce((sum, [name, each]) => sum + 1 + name.length + sizeOf(each), 0);
  if (L !== undefined) return 3 + L.reduce<number>((sum, each) => sum + 1 + sizeOf(each), 0);
  return 1;
}

const itemBytes = (item: Item): number =>
  Object.entries(item).reduce((sum, [name, value]) => sum + name.length + sizeOf(value), 0);
const indexOf = ({ pk, sk, open, since, slots }: Item): string =>
  open === undefined ? '' : [open, since, pk, sk, slots].map(text).join(' ');

/** Follows one table from its first call on. */
export function capacityMeter(): (record: CallRecord) => Units {
  const partitions = new Map<string, Map<string, Entry>>();
  /** Bytes of the entries in the index by the value of `open`. */
  const open = new Map<string, Map<string, number>>();
  const partition = (pk: string) => {
    const found = partitions.get(pk) ?? new Map<string, Entry>();
    partitions.set(pk, found);
    return found;
  };

  function put({ Item: item = {} }: Input, isRefused: boolean): Units {
    const [pk, sk, bytes, index] = [text(item.pk), text(item.sk), itemBytes(item), indexOf(item)];
    const before = partition(pk).get(sk);
    const write = Math.ceil(Math.max(bytes, before?.bytes ?? 0) / 1024);
    if (isRefused) return { read: 0, write };
    partition(pk).set(sk, { sk, bytes, index });
    const was = before?.index ?? '';
    if (was === index) return { read: 0, write };
    remove(was);
    if (index !== '') enter(text(item.open), index);
    return { read: 0, write: write + (was === '' ? 0 : 1) + (index === '' ? 0 : 1) };
  }

  function enter(kind: string, index: string): void {
    const entries = open.get(kind) ?? new Map<string, number>();
    // DynamoDB adds 100 bytes to each entry of an index.
    open.set(kind, entries.set(index, 100 + index.length + 'open since pk sk slots'.length));
  }

  const remove = (index: string) => open.get(index.split(' ')[0] ?? '')?.delete(index);

  function query({ IndexName, Limit = Infinity, ScanIndexForward, ExpressionAttributeValues = {} }: Input): Units {
    const isIndex = IndexName !== undefined;
    const sizes = isIndex
      ? [...(open.get(text(ExpressionAttributeValues[':open']))?.values() ?? [])]
      : listed(ExpressionAttributeValues, ScanIndexForward === false);
    const bytes = sizes.slice(0, Limit).reduce((sum, each) => sum + each, 0);
    return { read: Math.max(1, Math.ceil(bytes / 4096)) * (isIndex ? 0.5 : 1), write: 0 };
  }

  function listed(values: Item, newestFirst: boolean): readonly number[] {
    const prefix = text(values[':prefix']);
    const from = text(values[':from']);
    const found = [...partition(text(values[':pk'])).values()]
      .filter(({ sk }) => (from === '' ? sk.startsWith(prefix) : sk >= from && sk <= text(values[':to'])))
      .sort((one, other) => (one.sk < other.sk ? -1 : 1))
      .map(({ bytes }) => bytes);
    return newestFirst ? found.toReversed() : found;
  }

  const get = ({ Key: key = {} }: Input): Units => {
    const bytes = partition(text(key.pk)).get(text(key.sk))?.bytes ?? 0;
    return { read: Math.max(1, Math.ceil(bytes / 4096)), write: 0 };
  };

  return ({ call, input, outcome, errorCode }) => {
    if (call.service !== 'dynamodb') return none;
    const asked: Input = Object(input);
    const isConditional = errorCode === 'ConditionalCheckFailedException';
    if (outcome === 'refused' && !isConditional) return none;
    if (call.operation === 'PutItem') return put(asked, isConditional);
    if (call.operation === 'GetItem') return get(asked);
    return call.operation === 'Query' ? query(asked) : none;
  };
}
