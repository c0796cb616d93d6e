import type { Statement } from './permissions.ts';

/** @see seeingAccount */
export const seeingQuotas: Statement = { actions: ['rds:DescribeAccountAttributes'], resources: ['*'] };

/**
 * Quotas are of an account, and versions of a Region: of no resource that is known.
 * https://docs.aws.amazon.com/service-authorization/latest/reference/list_amazonrds.html
 * @param of ARNs of what maintenance waits for
 */
export const seeingAccount = (of: string): readonly Statement[] => [
  { actions: ['rds:DescribeAccountAttributes', 'rds:DescribeDBEngineVersions'], resources: ['*'] },
  { actions: ['rds:DescribePendingMaintenanceActions'], resources: [of] },
];
