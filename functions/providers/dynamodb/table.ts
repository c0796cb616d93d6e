import { unlessCalled } from '#platform/aws-errors.ts';
import { dynamodbTables, type Table } from '#platform/clients/dynamodb-tables.ts';
import { type Tags, tagsIn } from '../tag-list.ts';

/** Undefined: there is none of that name. */
export async function tableOf(name: string): Promise<Table | undefined> {
  const found = await dynamodbTables()
    .describeTable({ TableName: name })
    .catch(unlessCalled('ResourceNotFoundException'));
  return found?.Table;
}

/** What of a table a restore forgets, and calls give back. */
export interface Features {
  readonly expiryAttribute?: string;
  /** Of point-in-time recovery; absent: it is off. */
  readonly recoveryDays?: number;
  readonly tags: Tags;
}

export async function featuresOf(table: Table): Promise<Features> {
  const [expiry, recovery, tags] = await Promise.all([expiryOf(table), recoveryOf(table), tagsOf(table)]);
  return { ...expiry, ...recovery, tags };
}

export async function expiryOf({ TableName = '' }: Table): Promise<Pick<Features, 'expiryAttribute'>> {
  const { TimeToLiveDescription: expiry } = await dynamodbTables().describeTimeToLive({ TableName });
  const isExpiring = expiry?.TimeToLiveStatus === 'ENABLED' || expiry?.TimeToLiveStatus === 'ENABLING';
  return isExpiring && expiry.AttributeName !== undefined ? { expiryAttribute: expiry.AttributeName } : {};
}

export async function recoveryOf({ TableName = '' }: Table): Promise<Pick<Features, 'recoveryDays'>> {
  const { ContinuousBackupsDescription: continuous } = await dynamodbTables().describeContinuousBackups({ TableName });
  // ContinuousBackupsStatus is always ENABLED, and says nothing.
  const recovery = continuous?.PointInTimeRecoveryDescription;
  return recovery?.PointInTimeRecoveryStatus === 'ENABLED' ? { recoveryDays: recovery.RecoveryPeriodInDays ?? 35 } : {};
}

export async function tagsOf({ TableArn: ResourceArn = '' }: Table): Promise<Tags> {
  const tags = [];
  let next: { readonly NextToken?: string } | undefined = {};
  while (next !== undefined) {
    const { Tags = [], NextToken } = await dynamodbTables().listTagsOfResource({ ResourceArn, ...next });
    tags.push(...Tags);
    next = NextToken === undefined ? undefined : { NextToken };
  }
  return tagsIn(tags);
}
