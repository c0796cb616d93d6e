/** Has what is owed sent at once. A wake-up that fails is logged and no more: the report rule comes by every five minutes. */
import { codeOf } from './aws-errors.ts';
import { lambda } from './clients/lambda.ts';
import { environment } from './environment.ts';
import { logger } from './logger.ts';

export async function wakeReport(): Promise<void> {
  try {
    await lambda().invokeLater(environment.reportFunction(), {});
  } catch (error) {
    logger.warn(`Could not wake the report function (${codeOf(error)}); its rule will come by.`);
  }
}
