/** Has what is owed sent at once. A wake-up that fails is logged and no more: the report rule comes by every five minutes. */
import { InvokeCommand } from '@aws-sdk/client-lambda';
import { codeOf } from './aws-errors.ts';
import { lambda } from './clients/lambda.ts';
import { environment } from './environment.ts';
import { logger } from './logger.ts';

export async function wakeReport(): Promise<void> {
  try {
    await lambda().send(
      new InvokeCommand({ FunctionName: environment.reportFunction(), InvocationType: 'Event', Payload: '{}' }),
    );
  } catch (error) {
    logger.warn(`Could not wake the report function (${codeOf(error)}); its rule will come by.`);
  }
}
