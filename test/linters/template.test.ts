import { spawnSync } from 'node:child_process';
import { describe, expect, it } from 'vitest';
import { everyKind, everyRestoredType } from '../scenario/every-kind.ts';
import { nightly } from '../scenario/policy.ts';
import { synthesize } from '../template/synthesize.ts';
import { linter } from './linter.ts';

/** What a deployment would be refused for: every error, as `E3002 …`. */
function errorsIn(template: unknown): readonly string[] {
  // What the definitions are given of the account it does not put in, and so takes no ARN of theirs for one.
  const input = JSON.stringify(template).replaceAll('arn:${Partition}:', 'arn:aws:');
  const options = ['--ignore-checks', 'W', '--regions', 'eu-west-1', '--format', 'parseable'];
  const { stdout, stderr, error } = spawnSync(linter('cfn-lint'), options, { input, encoding: 'utf8' });
  if (error !== undefined) throw error;
  return `${stdout}${stderr}`.split('\n').filter((line) => line !== '');
}

describe('the template, read by a linter that knows the resources and definitions of AWS,', () => {
  it.each([
    ['a policy with every kind of member and hook', everyKind],
    ['one with volumes alone', nightly()],
    ['one with each type that AWS Backup restores, and no plan', everyRestoredType],
  ])('can be deployed: %s', (_, policy) => {
    expect(errorsIn(synthesize(policy).toJSON())).toEqual([]);
  });

  it('would be told of a property that is none, and of a state of no type', () => {
    const { Resources, ...template } = synthesize(nightly()).toJSON();
    const wrong = JSON.stringify(Resources)
      .replace('"BillingMode"', '"BillingMood"')
      .replace(String.raw`\"Type\":\"Task\"`, String.raw`\"Type\":\"Tusk\"`);
    expect(errorsIn({ ...template, Resources: JSON.parse(wrong) })).toEqual(
      expect.arrayContaining([expect.stringMatching(/E3002.*BillingMood/), expect.stringMatching(/E3601.*Tusk/)]),
    );
  });
});
