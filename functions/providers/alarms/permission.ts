import type { Statement } from '../permissions.ts';

export const allAlarms = 'arn:${partition}:cloudwatch:${region}:${account}:alarm:*';

/**
 * Of the kinds that alarms watch. Which of all alarms those are shows when they are read. Alarms that are made of others would take all resources.
 * https://docs.aws.amazon.com/AmazonCloudWatch/latest/APIReference/API_DescribeAlarms.html
 */
export const seeingAlarms: Statement = { actions: ['cloudwatch:DescribeAlarms'], resources: [allAlarms] };
