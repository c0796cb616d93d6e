/**
 * How much DynamoDB has under way at a time in an account, whoever asked: restores, and tables that are being made or changed. Of
 * backups there may be any number.
 * https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/ServiceQuotas.html
 */
import { transientFault } from '#domain/faults.ts';
import { codeOf } from '#platform/aws-errors.ts';

export const restoresAtATime = 50;

/** One code has two meanings. That an account has as many tables as it may is over only when somebody deletes one, or has the quota raised. */
const isOfNumber = /limit of [\d,]+ tables/;

/**
 * For `catch`.
 * @param of what a sentence begins with that has to say which table
 * @throws TransientFault while as many are under way as may be; else the error
 */
export function waitForRoom(error: unknown, of = ''): never {
  if (codeOf(error) !== 'LimitExceededException' || isOfNumber.test(String(error))) throw error;
  throw transientFault(`${of}DynamoDB has as many tables under way as it may: ${String(error)}`, error);
}
