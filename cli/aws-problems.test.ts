import { describe, expect, test } from 'vitest';
import { invalidRequest, invariantBroken, transientFault } from '#domain/faults.ts';
import { problemOf } from './aws-problems.ts';
import { untouched } from './problem.ts';

const awsError = (name: string, message = 'words of AWS') =>
  Object.assign(new Error(message), { name, $metadata: { httpStatusCode: 400 } });
const socketError = Object.assign(new Error('connect ECONNREFUSED 127.0.0.1:9'), { code: 'ECONNREFUSED' });

describe('errors of AWS for a person', () => {
  test.each([
    ['a refused connection', socketError, 'cannot be reached'],
    ['the same inside a fault', transientFault('While reading', socketError), 'cannot be reached'],
    ['expired keys', awsError('ExpiredTokenException'), 'who you are'],
    ['no keys', awsError('CredentialsProviderError'), 'who you are'],
    ['a denied call', awsError('AccessDeniedException'), 'denies'],
    ['no Region', new Error('Region is missing'), 'No AWS Region'],
    [
      'a Region that is none',
      new Error('Region not accepted: region="EU" is not'),
      'What is set as the AWS Region is none',
    ],
  ])('%s is exit code 5', (_, error, words) => {
    expect(problemOf(error, untouched)).toMatchObject({ exitCode: 5, message: expect.stringContaining(words) });
  });

  test.each([
    ['a throttle', awsError('ThrottlingException')],
    ['the same inside a fault', transientFault('While reading', awsError('ThrottlingException'))],
    ['a fault without its cause', transientFault('Throttled')],
  ])('%s is exit code 5 too: nothing has been rolled back', (_, error) => {
    const problem = problemOf(error, 'It goes on.');
    expect(problem).toMatchObject({ exitCode: 5, safe: 'It goes on.', next: 'Ask again in a minute.' });
  });

  test.each([
    ['with an explicit deny in a service control policy', 'service control policy'],
    ['because no permissions boundary allows the dynamodb:Query action', 'permissions boundary'],
    ['because no VPC endpoint policy allows the dynamodb:Query action', 'VPC endpoint policy'],
    ['because no identity-based policy allows the dynamodb:Query action', undefined],
  ])('what is denied %s is told apart from what the stack’s policies allow', (why, other) => {
    const words = `User: arn:aws:iam::111122223333:user/a is not authorized to perform: dynamodb:Query on resource: b ${why}`;
    const expected =
      other === undefined ? 'docs/cli.md' : `No policy of the stack's can allow what a ${other} does not`;
    expect(problemOf(awsError('AccessDeniedException', words), untouched)).toMatchObject({
      exitCode: 5,
      next: expect.stringContaining(expected),
    });
  });

  test('a refusal is exit code 3', () => {
    expect(problemOf(invalidRequest('not that one'), untouched)).toMatchObject({
      exitCode: 3,
      message: 'not that one',
    });
  });

  test('what was not foreseen stays what it was', () => {
    const bug = invariantBroken('our own');
    expect(problemOf(bug, untouched)).toBe(bug);
    const error = new TypeError('undefined is not a function');
    expect(problemOf(error, untouched)).toBe(error);
  });
});
