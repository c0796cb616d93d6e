/**
 * What alarms say, to somebody who is woken by them: what has happened, whether applications are held or down, and what to type. CloudWatch takes
 * 1,024 characters: https://docs.aws.amazon.com/AmazonCloudWatch/latest/APIReference/API_PutMetricAlarm.html
 */
import type { Function as LambdaFunction } from 'aws-cdk-lib/aws-lambda';
import type { Alarmed } from './alarms.ts';

const status = 'How the workloads stand: npx holdfast status.';

const why = ({ logGroup }: LambdaFunction): string =>
  `Why: aws logs tail ${logGroup.logGroupName} --since 2h --filter-pattern ERROR.`;

const addresses = (topicArn: string): string =>
  `Is an address gone, or not confirmed? aws sns list-subscriptions-by-topic --topic-arn ${topicArn}.`;

const silent = (name: string): string =>
  `${name} has not run for two hours. No application is held or down for that, and backups and recoveries go on; but`;

/** Neither leaves an error. */
const whySilent = (step: LambdaFunction): string =>
  `Is its rule disabled, or its function throttled? aws events list-rule-names-by-target --target-arn ${step.functionArn}, then aws events describe-rule; aws lambda get-function-concurrency --function-name ${step.functionName}.`;

export const alarmTexts = ({ functions, topics, deadLetters: { queueUrl } }: Alarmed) => ({
  releaseUnconfirmed: `A release is not confirmed though its deadline is past: AN APPLICATION MAY STILL BE HELD STILL. Holdfast goes on asking. The mail about it says what lets it go, and the command to do it by hand. ${status}`,
  recoveryStuck: `A recovery could neither go on nor be rolled back: ITS APPLICATION MAY BE DOWN. Nothing of it is deleted. The mail about it has the commands to finish by hand, in order. ${status}`,
  nobodyTold: `WHEN A BACKUP FAILS, NOBODY IS TOLD: of a workload's addresses none has confirmed its subscription, or all have unsubscribed. Backups go on, and no application is held or down for that. Which they are, and the command that mails each a new link: npx holdfast doctor.`,
  reportFails: `Mails are owed and could not be sent: SOMETHING MAY HAVE FAILED UNHEARD. No application is held or down for want of mails, and sending is tried again every five minutes. ${status} ${why(functions.report)}`,
  settleFails: `Settle fails: points may not be sealed, and of the guards that let applications go one may not work. The others do: the state machine, the rule on executions that fail, and the timers in the guests. ${status} ${why(functions.settle)}`,
  watchSilent: `${silent('The watch')} a backup that never begins goes unnoticed. ${status} ${whySilent(functions.watch)}`,
  settleSilent: `The sweep of every minute has not run for two hours. Applications are let go all the same, by the state machine, the rule on executions that fail, and the timers in the guests; but WHAT THOSE CANNOT LET GO STAYS HELD, a recovery that breaks off is not undone, and points may not be sealed. ${status} ${whySilent(functions.settle)}`,
  reportSilent: `No mail has been sent for two hours, and none was looked for: SOMETHING MAY HAVE FAILED UNHEARD. No application is held or down for want of mails. ${status} ${whySilent(functions.report)}`,
  retireSilent: `${silent('Retire')} points that have lost a part, addresses that get no mail, and what plans of AWS Backup leave undone go unnoticed, and nothing that has expired is deleted. ${status} ${whySilent(functions.retire)}`,
  deadLetters: `An event failed in every attempt, and lies in the dead-letter queue. No application is held for that: what is held still is let go by the sweep of every minute, and what sweeps do is done by the next; a backup that was never begun is told of as MISSED. Read it: aws sqs receive-message --queue-url ${queueUrl} --max-number-of-messages 10 --visibility-timeout 0 --message-attribute-names All. Do not send it again; when its cause is gone, empty the queue: aws sqs purge-queue --queue-url ${queueUrl}. Until then it is told once a day. ${status}`,
  failureMailsUndelivered: `SNS could not deliver a mail about a failure: SOMEBODY DOES NOT KNOW OF IT. What has failed, and whether an application is held or down: npx holdfast status. ${addresses(topics.failures.topicArn)}`,
  reportMailsUndelivered: `SNS could not deliver a report of what went well. Nothing has failed but that. ${addresses(topics.reports.topicArn)}`,
});
