/** A stack that cannot be found, or not be looked at: with the account and the Region that were asked. */
import { wordsOf } from './aws-problems.ts';
import { callerArn } from './caller.ts';
import { exitCodes } from './exit-codes.ts';
import { policyRemedy } from './needed-policy.ts';
import { Problem, untouched } from './problem.ts';

/** Whoever may look at one stack is denied every other, whether or not it is there. */
export async function deniedStack(stack: string, cause: unknown): Promise<Problem> {
  return new Problem({
    exitCode: exitCodes.unreachable,
    what: `AWS denies looking at the stack ${stack} in ${await placeAsked()}: ${wordsOf(cause)}`,
    safe: untouched,
    next: `Is it there? Else give --stack, --region or --profile. If it is: ${policyRemedy(wordsOf(cause))}`,
    cause,
  });
}

/** Mostly it is there, and another account or Region was asked than somebody thinks. */
export async function missingStack(stack: string, cause?: unknown): Promise<Problem> {
  return new Problem({
    exitCode: exitCodes.unreachable,
    what: `There is no stack ${stack} in ${await placeAsked()}, or it is not one of Holdfast.`,
    safe: untouched,
    next: 'Give --stack, --region or --profile, or deploy it: npx cdk deploy',
    cause,
  });
}

async function placeAsked(): Promise<string> {
  const account = await callerArn().then(
    (arn) => `the account ${arn.split(':')[4]}`,
    () => 'this account',
  );
  return `the Region ${process.env.AWS_REGION} of ${account}`;
}
