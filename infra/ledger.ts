import { Aws, RemovalPolicy } from 'aws-cdk-lib';
import { AttributeType, BillingMode, ProjectionType, Table, TableEncryption } from 'aws-cdk-lib/aws-dynamodb';
import { PolicyStatement } from 'aws-cdk-lib/aws-iam';
import { Key } from 'aws-cdk-lib/aws-kms';
import type { Construct } from 'constructs';
import type { Listing } from './function-table.ts';

export interface Ledger {
  readonly table: Table;
  readonly key: Key;
}

/**
 * The one table, with `open`, the sparse index of what is unfinished. It outlives its stack, and so does its key: deleting
 * either by accident must not delete the knowledge of what is backed up where.
 */
export function createLedger(scope: Construct): Ledger {
  const key = new Key(scope, 'LedgerKey', {
    description: 'Encrypts the ledger of Holdfast',
    enableKeyRotation: true,
    removalPolicy: RemovalPolicy.RETAIN,
  });
  const table = new Table(scope, 'Ledger', {
    partitionKey: { name: 'pk', type: AttributeType.STRING },
    sortKey: { name: 'sk', type: AttributeType.STRING },
    billingMode: BillingMode.PAY_PER_REQUEST,
    encryption: TableEncryption.CUSTOMER_MANAGED,
    encryptionKey: key,
    pointInTimeRecoverySpecification: { pointInTimeRecoveryEnabled: true },
    timeToLiveAttribute: 'expires',
    deletionProtection: true,
    removalPolicy: RemovalPolicy.RETAIN,
  });
  table.addGlobalSecondaryIndex({
    indexName: 'open',
    partitionKey: { name: 'open', type: AttributeType.STRING },
    sortKey: { name: 'since', type: AttributeType.STRING },
    // Not the records: most writes then leave the index alone, and cost half.
    projectionType: ProjectionType.INCLUDE,
    nonKeyAttributes: ['slots'],
  });
  return { table, key };
}

/** What the command line reads: items, and what belongs to a workload. */
export const readLedgerStatements = ({ table, key }: Ledger): readonly PolicyStatement[] => [
  new PolicyStatement({ actions: ['dynamodb:GetItem', 'dynamodb:Query'], resources: [table.tableArn] }),
  keyStatement(key, ['kms:Decrypt']),
];

/**
 * Single items, and the listings named. The key is used by DynamoDB on the caller's behalf:
 * https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/encryption.usagenotes.html
 */
export function ledgerStatements({ table, key }: Ledger, lists: readonly Listing[] = []): readonly PolicyStatement[] {
  const listed = { workload: table.tableArn, unfinished: `${table.tableArn}/index/open` };
  return [
    new PolicyStatement({ actions: ['dynamodb:GetItem', 'dynamodb:PutItem'], resources: [table.tableArn] }),
    ...lists.map((listing) => new PolicyStatement({ actions: ['dynamodb:Query'], resources: [listed[listing]] })),
    keyStatement(key, ['kms:Decrypt', 'kms:DescribeKey', 'kms:Encrypt', 'kms:GenerateDataKey']),
  ];
}

const keyStatement = ({ keyArn }: Key, actions: string[]) =>
  new PolicyStatement({
    actions,
    resources: [keyArn],
    conditions: { StringEquals: { 'kms:ViaService': `dynamodb.${Aws.REGION}.amazonaws.com` } },
  });
