/** Has runs that wait for slots begun at once. A wake-up that fails is logged and no more: the settle rule comes by every minute. */
import { codeOf } from './aws-errors.ts';
import { lambda } from './clients/lambda.ts';
import { environment } from './environment.ts';
import { logger } from './logger.ts';

/** What was just written shows in the ledger's index a moment later: usually within milliseconds, so this is seldom too short. */
const indexLagMs = 500;

export async function wakeSettle(): Promise<void> {
  await new Promise((resolve) => setTimeout(resolve, indexLagMs));
  try {
    await lambda().invokeLater(environment.settleFunction(), { asks: 'for slots' });
  } catch (error) {
    logger.warn(`Could not wake the settle function (${codeOf(error)}); its rule will come by.`);
  }
}
