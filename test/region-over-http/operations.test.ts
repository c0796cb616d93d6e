import { afterAll, beforeAll, describe, it } from 'vitest';
import { type RegionProcess, startRegion } from './region-process.ts';

let region: RegionProcess;

beforeAll(async () => {
  region = await startRegion(60);
});

afterAll(() => region?.end());

describe('the region on loopback, asked by boto3', () => {
  it('lends volumes and snapshots, with shapes, refusals, pages and waiters of EC2', () => region.python('ec2.py'));
  it('runs commands in guests', () => region.python('ssm.py'));
  it('keeps messages, items and subscriptions', () => region.python('sqs_sns_dynamodb.py'));
  it('runs functions, executions and schedules', () => region.python('states_lambda_scheduler.py'));
  it('tells of stacks, keys, alarms, groups and callers', () => region.python('account.py'));
});
