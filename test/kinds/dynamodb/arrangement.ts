import { CreateTableCommand, DynamoDBClient } from '@aws-sdk/client-dynamodb';
import type { Arrangement, Arrangements } from '../../conformance/arrangement.ts';

const resource = 'Orders.v1';

export const arrangement: Arrangement = {
  member: { kind: 'dynamodb', resource, tier: 1 },
  service: 'dynamodb',
  operations: { look: 'DescribeTable', create: 'CreateBackup', describe: 'DescribeBackup', remove: 'DeleteBackup' },
  codes: { throttled: 'ThrottlingException', denied: 'AccessDeniedException' },
  launch: async (region) => {
    const command = new CreateTableCommand({
      ...{ TableName: resource, BillingMode: 'PAY_PER_REQUEST' },
      AttributeDefinitions: [{ AttributeName: 'id', AttributeType: 'S' }],
      KeySchema: [{ AttributeName: 'id', KeyType: 'HASH' }],
    });
    await region.drive(new DynamoDBClient({}).send(command));
    await region.time.advance(1000);
  },
  makeBusy: ({ services }) => services.dynamodb.arrange.setStatus(resource, 'UPDATING'),
  breakDown: ({ services }) => services.dynamodb.arrange.setStatus(resource, 'INACCESSIBLE_ENCRYPTION_CREDENTIALS'),
  isFixedByCall: true,
  isUntagged: true,
  snapshots: ({ services }) => services.dynamodb.world.backups,
};

export const arrangements: Arrangements = { dynamodb: arrangement };
