/**
 * List prices in US dollars, US regions, without free tiers. Step Functions, Lambda (arm64), DynamoDB on demand, EventBridge Scheduler, SNS
 * and CloudWatch Logs pricing pages. EC2 calls, Run Command and events of AWS services cost nothing; storage of snapshots is not control plane.
 */
export const prices = {
  stateTransition: 25e-6,
  lambdaInvocation: 0.2e-6,
  lambdaGbSecond: 1.33334e-5,
  dynamodbWriteUnit: 0.625e-6,
  dynamodbReadUnit: 0.125e-6,
  scheduledInvocation: 1e-6,
  snsPublish: 0.5e-6,
  snsEmail: 20e-6,
  logsGb: 0.5,
} as const;

export type Price = keyof typeof prices;

/** What was counted, in the prices' units. */
export type Bill = Readonly<Partial<Record<Price, number>>>;

export const dollars = (bill: Bill): number =>
  Object.entries(prices).reduce((sum, [name, price]) => sum + price * (bill[name as Price] ?? 0), 0);
