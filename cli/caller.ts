import { GetCallerIdentityCommand, STSClient } from '@aws-sdk/client-sts';
import { problemOf } from './aws-problems.ts';
import { untouched } from './problem.ts';

/** ARN of whoever is logged in: goes on tags and into mails. */
export async function callerArn(): Promise<string> {
  try {
    const { Arn } = await new STSClient({}).send(new GetCallerIdentityCommand({}));
    return Arn ?? 'unknown';
  } catch (error) {
    throw problemOf(error, untouched);
  }
}
