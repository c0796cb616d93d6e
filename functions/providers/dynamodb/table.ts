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

export async function featuresOf({ TableName = '', TableArn = '' }: Table): Promise<Features> {
  const [{ TimeToLiveDescription: expiry }, { ContinuousBackupsDescription: continuous }, tags] = await Promise.all([
    dynamodbTables().describeTimeToLive({ TableName }),
    dynamodbTables().describeContinuousBackups({ TableName }),
    tagsOf(TableArn),
  ]);
  // ContinuousBackupsStatus is always ENABLED, and says nothing.
  const recovery = continuous?.PointInTimeRecoveryDescription;
  const isExpiring = expiry?.TimeToLiveStatus === 'ENABLED' || expiry?.TimeToLiveStatus === 'ENABLING';
  return {
    ...(isExpiring && expiry.AttributeName !== undefined ? { expiryAttribute: expiry.AttributeName } : {}),
    ...(recovery?.PointInTimeRecoveryStatus === 'ENABLED' ? { recoveryDays: recovery.RecoveryPeriodInDays ?? 35 } : {}),
    tags,
  };
}

async function tagsOf(ResourceArn: string): Promise<Tags> {
  const tags = [];
  let next: { readonly NextToken?: string } | undefined = {};
  while (next !== undefined) {
    const { Tags = [], NextToken } = await dynamodbTables().listTagsOfResource({ ResourceArn, ...next });
    tags.push(...Tags);
    next = NextToken === undefined ? undefined : { NextToken };
  }
  return tagsIn(tags);
}
