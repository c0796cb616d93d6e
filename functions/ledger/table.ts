/**
 * The one table: every record is an item `{ pk, sk, version, writer, record }` (a large one `packed`), changed by compare-and-swap on `version`; what is
 * unfinished also has `open` and `since`, the keys of the sparse index by which sweeps find it. The index is one partition, in
 * which `since` begins with the sort, so that one query tells a sweep all that is unfinished. What is over has `expires`, after
 * which DynamoDB deletes it: https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/TTL.html
 * Single-item conditional writes only, so that a record is never half written and no transaction is needed.
 */
import { randomUUID } from 'node:crypto';
import type { QueryCommandInput } from '@aws-sdk/lib-dynamodb';
import { transientFault } from '#domain/faults.ts';
import { asFault, codeOf } from '#platform/aws-errors.ts';
import { dynamodb, type Item } from '#platform/clients/dynamodb.ts';
import { environment } from '#platform/environment.ts';

export interface Key {
  readonly pk: string;
  readonly sk: string;
}

export type OpenSort =
  | 'waiting'
  | 'window'
  | 'settling'
  | 'export'
  | 'copy'
  | 'copying'
  | 'failed'
  | 'recovery'
  | 'notice'
  | 'alarm';

/** What is unfinished about the item, its place among those of its sort, and what a sweep decides by before it reads the record. */
export interface OpenMark {
  readonly sort: OpenSort;
  readonly since: string;
  readonly slots?: number;
}

/** Where an item stands beside its record. */
export interface Place {
  /** Present while the item is unfinished. */
  readonly open?: OpenMark;
  /** ISO 8601; when it has passed, DynamoDB deletes the item within days. Absent: kept for ever. */
  readonly keptUntil?: string;
}

/** An item as the index knows it. */
export interface OpenItem extends Key, OpenMark {}

export interface Stored<T> {
  readonly record: T;
  readonly version: number;
}

/** Tries of a compare-and-swap before giving up: one record has two or three writers, but a Region's slots have every run of the minute. */
const swapAttempts = 24;
/** From the second lost race on, a writer steps aside for a random while up to so much times its attempts. */
const swapPauseMs = 15;

export async function read<T>(key: Key): Promise<Stored<T> | undefined> {
  const { Item } = await dynamodb()
    .getItem({ TableName: environment.table(), Key: key, ConsistentRead: true })
    .catch((error: unknown) => fail(error, `reading ${key.pk} ${key.sk} from the ledger`));
  return Item === undefined ? undefined : stored<T>(Item);
}

/** Writes a new record. Returns undefined, or the record that was there already: the caller decides whether it is its own. */
export async function create<T>(key: Key, record: T, place: Place = {}): Promise<T | undefined> {
  if (await swap(key, record, 0, place)) return undefined;
  return (await read<T>(key))?.record;
}

/**
 * Reads, changes, writes back unless someone else wrote in between, in which case it starts again.
 * `change` returns the new record, or undefined to leave it as it is. Returns what is in the ledger afterwards.
 */
export async function change<T>(
  key: Key,
  change: (record: T | undefined) => T | undefined,
  placeOf: (record: T) => Place = () => ({}),
): Promise<T | undefined> {
  for (let attempt = 0; attempt < swapAttempts; attempt += 1) {
    const before = await read<T>(key);
    const after = change(before?.record);
    if (after === undefined || after === before?.record) return before?.record;
    if (await swap(key, after, before?.version ?? 0, placeOf(after))) return after;
    if (attempt > 0) await new Promise((resolve) => setTimeout(resolve, Math.random() * swapPauseMs * attempt));
  }
  throw transientFault(`${key.pk} ${key.sk} in the ledger changed ${swapAttempts} times while it was being written.`);
}

/**
 * All records of a partition whose sort key starts with `prefix`, oldest sort key first unless `newestFirst`.
 * @param options `from`: only those whose sort key is this or comes after it
 */
export async function list<T>(
  pk: string,
  prefix: string,
  options: { readonly newestFirst?: boolean; readonly most?: number; readonly from?: string } = {},
): Promise<readonly T[]> {
  const items = await query(
    {
      KeyConditionExpression:
        options.from === undefined ? 'pk = :pk AND begins_with(sk, :prefix)' : 'pk = :pk AND sk BETWEEN :from AND :to',
      ExpressionAttributeValues:
        options.from === undefined
          ? { ':pk': pk, ':prefix': prefix }
          : { ':pk': pk, ':from': options.from, ':to': `${prefix}\uffff` },
      ScanIndexForward: options.newestFirst !== true,
      ConsistentRead: true,
    },
    options.most,
  );
  return items.map((item) => stored<T>(item).record);
}

/**
 * Unfinished items, those of one sort or all, without their records: a record is written more often than it is listed, and the
 * index would have to be paid for each time. The index is eventually consistent: sweeps come again.
 * @returns each sort's in order of `since`
 */
export async function listOpen(sort?: OpenSort): Promise<readonly OpenItem[]> {
  const items = await query({
    IndexName: 'open',
    KeyConditionExpression: sort === undefined ? '#open = :open' : '#open = :open AND begins_with(since, :sort)',
    ExpressionAttributeNames: { '#open': 'open' },
    ExpressionAttributeValues: { ':open': onlyPartition, ...(sort === undefined ? {} : { ':sort': `${sort}#` }) },
  });
  return items.map(openItem);
}

const onlyPartition = 'yes';

/** `waiting#2026-11-21T03:00:00.000Z` → its two parts. */
function openItem({ pk, sk, since, slots }: Item): OpenItem {
  const [sort, ...place] = String(since).split('#');
  return {
    ...{ pk: String(pk), sk: String(sk), sort: sort as OpenSort, since: place.join('#') },
    ...(slots === undefined ? {} : { slots: Number(slots) }),
  };
}

/** @returns the attributes that put an item into the index, and an end to it */
function placed({ open, keptUntil }: Place) {
  const { sort, since, ...decidedBy } = open ?? {};
  return {
    ...(sort === undefined ? {} : { open: onlyPartition, since: `${sort}#${since}`, ...decidedBy }),
    ...(keptUntil === undefined ? {} : { expires: Math.ceil(Date.parse(keptUntil) / 1000) }),
  };
}

async function query(input: Omit<QueryCommandInput, 'TableName'>, most = Infinity): Promise<readonly Item[]> {
  const found: Item[] = [];
  let from: Item | undefined;
  do {
    const limit = Number.isFinite(most) ? { Limit: most - found.length } : {};
    const page = await dynamodb()
      .query({ TableName: environment.table(), ExclusiveStartKey: from, ...limit, ...input })
      .catch((error: unknown) => fail(error, 'reading the ledger'));
    found.push(...page.Items);
    from = page.LastEvaluatedKey;
  } while (from !== undefined && found.length < most);
  return found;
}

async function swap<T>(key: Key, record: T, expected: number, place: Place): Promise<boolean> {
  const isNew = expected === 0;
  const writer = randomUUID();
  try {
    await dynamodb().putItem({
      TableName: environment.table(),
      Item: { ...key, ...placed(place), version: expected + 1, writer, ...packed(record) },
      ConditionExpression: isNew ? 'attribute_not_exists(pk)' : '#version = :expected',
      ...(isNew
        ? {}
        : {
            ExpressionAttributeNames: { '#version': 'version' },
            ExpressionAttributeValues: { ':expected': expected },
          }),
    });
    return true;
  } catch (error) {
    if (codeOf(error) === 'ConditionalCheckFailedException') return wroteItBefore(key, writer);
    return fail(error, `writing ${key.pk} ${key.sk} to the ledger`);
  }
}

/** The SDK repeats a write whose reply was lost, and the repeat fails on its own first effect: then the write did happen. */
async function wroteItBefore(key: Key, writer: string): Promise<boolean> {
  const { Item } = await dynamodb().getItem({ TableName: environment.table(), Key: key, ConsistentRead: true });
  return Item?.writer === writer;
}

/**
 * An item has 400 KB at most, and a workload's hundred volumes have, each with its tags, more than that: in a run once as planned and once as taken, in a
 * recovery with the calls for each. Much of it is the same over and over. What is below is left to be read in the console.
 * https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/ServiceQuotas.html
 */
const packedFromCharacters = 32_768;
/** Of eleven: beyond it takes a hundred times as long and saves little. */
const effort = 5;
/** Loaded with the first large record: most functions never have one, and all would start later. */
const zlib = () => process.getBuiltinModule('node:zlib');

function packed(record: unknown): { readonly record: unknown } | { readonly packed: string } {
  const text = JSON.stringify(record);
  if (text.length < packedFromCharacters) return { record };
  const { brotliCompressSync, constants } = zlib();
  const options = { params: { [constants.BROTLI_PARAM_QUALITY]: effort } };
  return { packed: brotliCompressSync(text, options).toString('base64') };
}

const unpacked = (text: string): unknown =>
  JSON.parse(zlib().brotliDecompressSync(Buffer.from(text, 'base64')).toString());

/** Items are written by this module alone, so their shape is known (here, and the sorts of open items). */
function stored<T>(item: Item): Stored<T> {
  const record = typeof item.packed === 'string' ? unpacked(item.packed) : item.record;
  return { record: record as T, version: Number(item.version) };
}

function fail(error: unknown, doing: string): never {
  throw asFault(error, doing);
}
