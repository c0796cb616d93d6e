import { Match } from 'aws-cdk-lib/assertions';
import { describe, expect, test } from 'vitest';
import { ledgerKeys } from '../scenario/ledger-keys.ts';
import { examplePolicy, synthesize } from './synthesize.ts';

const template = synthesize(examplePolicy);

describe('the ledger', () => {
  test('is encrypted with a key of its own that rotates, can be restored, and outlives the stack with its key', () => {
    const kept = { DeletionPolicy: 'Retain', UpdateReplacePolicy: 'Retain' };
    template.hasResource('AWS::DynamoDB::Table', {
      ...kept,
      Properties: {
        BillingMode: 'PAY_PER_REQUEST',
        DeletionProtectionEnabled: true,
        PointInTimeRecoverySpecification: { PointInTimeRecoveryEnabled: true },
        SSESpecification: {
          SSEEnabled: true,
          SSEType: 'KMS',
          KMSMasterKeyId: Match.objectLike({ 'Fn::GetAtt': [Match.stringLikeRegexp('^LedgerKey'), 'Arn'] }),
        },
      },
    });
    const keys = template.findResources('AWS::KMS::Key', { ...kept, Properties: { EnableKeyRotation: true } });
    expect(Object.keys(keys)).toEqual([expect.stringMatching(/^LedgerKey/)]);
  });
  test('has the keys and the index that the functions use', () => {
    template.hasResourceProperties('AWS::DynamoDB::Table', {
      ...ledgerKeys,
      TimeToLiveSpecification: { AttributeName: 'expires', Enabled: true },
    });
  });
});
