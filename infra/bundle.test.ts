import { describe, expect, it } from 'vitest';
import { bundle, mostBytes } from './bundle.ts';

describe('the bundle of a function', () => {
  const { bundles } = bundle();

  it.each(bundles)('$step stays within its limit', (each) => {
    expect(each.services).toContain('dynamodb');
    expect(each.bytes).toBeLessThanOrEqual(mostBytes(each));
  });

  it.each(bundles)('$step looks for credentials where Lambda puts them, and nowhere else', ({ inputs }) => {
    expect(inputs.filter((input) => /credential-provider|token-providers|nested-clients/.test(input))).toEqual([]);
    expect(inputs).toContain('functions/platform/lambda-credentials.ts');
  });

  it.each(bundles)('$step carries the SDK’s clients of EC2 and Auto Scaling at most', ({ inputs }) => {
    const clients = inputs.flatMap((input) => /@aws-sdk\/client-([a-z0-9-]+)\//.exec(input)?.[1] ?? []);
    expect(['auto-scaling', 'ec2']).toEqual(expect.arrayContaining([...new Set(clients)]));
  });
});
