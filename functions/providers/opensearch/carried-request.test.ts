import { describe, expect, it } from 'vitest';
import * as z from 'zod/mini';
import { carriedRequest, isEndpointOf } from './carried-request.ts';

const isCarried = (method: string, path: string): boolean =>
  z.safeParse(carriedRequest, { host: 'h', method, path, headers: {}, body: '' }).success;

const name = 'holdfast-orders-db-20260115t030000z-0a1b2c';

describe('a request to a domain in a VPC', () => {
  it.each([
    ['GET', '/_snapshot'],
    ['GET', '/_snapshot/_status'],
    ['GET', `/_snapshot/nightly/${name}`],
    ['PUT', `/_snapshot/nightly/${name}`],
    ['DELETE', `/_snapshot/nightly/${name}`],
    ['POST', `/_snapshot/nightly/${name}/_restore`],
    ['GET', '/_cat/snapshots/cs-automated-enc'],
    ['GET', '/_cat/indices/%2A'],
    ['GET', '/_cat/indices/%2A-new-0a1b2c'],
    ['GET', '/_alias'],
    ['POST', '/_aliases'],
  ])('is carried where the provider makes it: %s %s', (method, path) => {
    expect(isCarried(method, path)).toBe(true);
  });

  it.each([
    ['POST', '/_snapshot'],
    ['PUT', '/_snapshot/nightly'],
    ['DELETE', '/_snapshot/nightly'],
    ['GET', `/_snapshot/_all/${name}`],
    ['DELETE', '/_snapshot/nightly/another'],
    ['DELETE', `/_snapshot/nightly/${name},another`],
    ['DELETE', '/_snapshot/nightly/holdfast-*'],
    ['DELETE', `/_snapshot/nightly/${name}/../../cases`],
    ['GET', '/_cat/snapshots/nightly'],
    ['GET', '/_cat/indices/%2A?format=json'],
    ['GET', '/_alias/cases'],
    ['DELETE', '/cases'],
    ['GET', '/_search'],
  ])('is refused where it makes none such: %s %s', (method, path) => {
    expect(isCarried(method, path)).toBe(false);
  });
});

it.each([
  ['evidence', 'eu-west-1', 'vpc-evidence-0a1b2c.eu-west-1.es.amazonaws.com', true],
  ['evidence-2', 'eu-west-1', 'vpc-evidence-2-0a1b2c.eu-west-1.es.amazonaws.com', true],
  ['evidence', 'cn-north-1', 'vpc-evidence-0a1b2c.cn-north-1.es.amazonaws.com.cn', true],
  ['evidence', 'cn-north-1', 'vpc-evidence-0a1b2c.cn-north-1.es.amazonaws.com', false],
  ['evidence', 'eu-west-1', 'vpc-evidence-0a1b2c.eu-west-1.es.amazonaws.com.cn', false],
  ['evidence', 'eu-west-1', 'vpc-evidence-2-0a1b2c.eu-west-1.es.amazonaws.com', false],
  ['evidence', 'eu-west-1', 'vpc-evidence-.eu-west-1.es.amazonaws.com', false],
  ['evidence', 'eu-west-1', 'vpc-evidence-.evil.com#.eu-west-1.es.amazonaws.com', false],
  ['evidence', 'eu-west-1', 'vpc-evidence-0a1b2c.us-east-1.es.amazonaws.com', false],
])('of the domain %s in %s the endpoint %s: %s', (domain, region, host, isIts) => {
  expect(isEndpointOf(domain, region, host)).toBe(isIts);
});
