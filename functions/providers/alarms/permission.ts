import type { Statement } from '../permissions.ts';

/** Of the kinds that alarms watch. Which of all alarms those are shows when they are read, and a list of them is of no one alarm. */
export const seeingAlarms: Statement = { actions: ['cloudwatch:DescribeAlarms'], resources: ['*'] };
