import { ApplicationAutoScalingClient } from '@aws-sdk/client-application-auto-scaling';
import { CloudWatchClient } from '@aws-sdk/client-cloudwatch';
import { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { ECSClient } from '@aws-sdk/client-ecs';
import { KMSClient } from '@aws-sdk/client-kms';
import { LambdaClient } from '@aws-sdk/client-lambda';
import { SFNClient } from '@aws-sdk/client-sfn';
import { SNSClient } from '@aws-sdk/client-sns';
import { SSMClient } from '@aws-sdk/client-ssm';
import { describe, expect, it } from 'vitest';
import { applicationAutoScalingService } from '../clients/application-auto-scaling.ts';
import { cloudwatchService } from '../clients/cloudwatch.ts';
import { dynamodbService } from '../clients/dynamodb.ts';
import { ecsService } from '../clients/ecs.ts';
import { kmsService } from '../clients/kms.ts';
import { lambdaService } from '../clients/lambda.ts';
import { sfnService } from '../clients/sfn.ts';
import { snsService } from '../clients/sns.ts';
import { ssmService } from '../clients/ssm.ts';
import { endpointOf, type Service } from './endpoint.ts';

type Asked = { readonly Region: string; readonly UseFIPS: boolean; readonly UseDualStack: boolean };

const services: readonly { readonly service: Service; readonly ofSdk: (asked: Asked) => { readonly url: URL } }[] = [
  {
    service: dynamodbService,
    ofSdk: (asked) => new DynamoDBClient({ region: asked.Region }).config.endpointProvider(asked),
  },
  {
    service: applicationAutoScalingService,
    ofSdk: (asked) => new ApplicationAutoScalingClient({ region: asked.Region }).config.endpointProvider(asked),
  },
  {
    service: cloudwatchService,
    ofSdk: (asked) => new CloudWatchClient({ region: asked.Region }).config.endpointProvider(asked),
  },
  { service: ecsService, ofSdk: (asked) => new ECSClient({ region: asked.Region }).config.endpointProvider(asked) },
  { service: kmsService, ofSdk: (asked) => new KMSClient({ region: asked.Region }).config.endpointProvider(asked) },
  {
    service: lambdaService,
    ofSdk: (asked) => new LambdaClient({ region: asked.Region }).config.endpointProvider(asked),
  },
  { service: sfnService, ofSdk: (asked) => new SFNClient({ region: asked.Region }).config.endpointProvider(asked) },
  { service: snsService, ofSdk: (asked) => new SNSClient({ region: asked.Region }).config.endpointProvider(asked) },
  { service: ssmService, ofSdk: (asked) => new SSMClient({ region: asked.Region }).config.endpointProvider(asked) },
];

/** Some of every partition, and all of GovCloud, which has exceptions. */
const regions = [
  ...['us-east-1', 'eu-west-1', 'ap-southeast-3', 'il-central-1', 'mx-central-1', 'cn-north-1', 'eusc-de-east-1'],
  ...['us-gov-east-1', 'us-gov-west-1', 'us-iso-east-1', 'us-isob-east-1', 'eu-isoe-west-1', 'us-isof-south-1'],
];
const no = [false, true];
const asked = regions.flatMap((Region) =>
  no.flatMap((UseFIPS) => no.map((UseDualStack) => ({ Region, UseFIPS, UseDualStack }))),
);

function urlOf(given: () => { readonly url: URL }): string | undefined {
  try {
    return given().url.href;
  } catch {
    return undefined; // the partition has no such endpoints
  }
}

describe('the endpoint of a service', () => {
  it.each(services)("of $service.id is the one of the SDK's client, in every partition", ({ service, ofSdk }) => {
    const compared = asked.filter((each) => {
      const theirs = urlOf(() => ofSdk(each));
      const variables = {
        AWS_USE_FIPS_ENDPOINT: String(each.UseFIPS),
        AWS_USE_DUALSTACK_ENDPOINT: String(each.UseDualStack),
      };
      if (theirs !== undefined)
        expect(endpointOf(service, each.Region, variables).href, JSON.stringify(each)).toBe(theirs);
      return theirs !== undefined;
    });
    expect(compared.length).toBeGreaterThan(regions.length * 3);
  });

  const service = { id: 'DynamoDB', host: 'dynamodb' };
  const everybody = { AWS_ENDPOINT_URL: 'http://127.0.0.1:4566' };

  it('is what AWS_ENDPOINT_URL says', () => {
    expect(endpointOf(service, 'eu-west-1', everybody).href).toBe('http://127.0.0.1:4566/');
  });

  it('is rather what the variable of the service itself says', () => {
    const variables = { ...everybody, AWS_ENDPOINT_URL_DYNAMODB: 'https://own.example/base' };
    expect(endpointOf(service, 'eu-west-1', variables).href).toBe('https://own.example/base');
  });

  it('is its usual one where those variables are to be ignored', () => {
    const variables = { ...everybody, AWS_IGNORE_CONFIGURED_ENDPOINT_URLS: 'true' };
    expect(endpointOf(service, 'eu-west-1', variables).href).toBe('https://dynamodb.eu-west-1.amazonaws.com/');
  });
});
