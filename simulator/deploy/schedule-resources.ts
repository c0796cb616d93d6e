import { arn } from '../iam/arn.ts';
import type { RuleTarget } from '../services/events/create-events.ts';
import { DEFAULT_RETRY_POLICY, type RetryPolicy } from '../services/events/delivery.ts';
import { isObject, type Json } from './resolve.ts';
import { type Build, listOf, numberOr, optionalText, refuse, requiredText, type Site } from './resource-builder.ts';

function retryPolicy(properties: Json): RetryPolicy {
  const given = isObject(properties.RetryPolicy) ? properties.RetryPolicy : {};
  return {
    maximumRetryAttempts: numberOr(given, 'MaximumRetryAttempts', DEFAULT_RETRY_POLICY.maximumRetryAttempts),
    maximumEventAgeSeconds: numberOr(given, 'MaximumEventAgeInSeconds', DEFAULT_RETRY_POLICY.maximumEventAgeSeconds),
  };
}

function deadLetters(properties: Json): string | undefined {
  return isObject(properties.DeadLetterConfig) ? optionalText(properties.DeadLetterConfig, 'Arn') : undefined;
}

function transformer(target: Json): RuleTarget['transformer'] {
  const given = target.InputTransformer;
  if (!isObject(given)) return undefined;
  const paths = Object.entries(isObject(given.InputPathsMap) ? given.InputPathsMap : {});
  return {
    paths: Object.fromEntries(paths.map(([name, path]) => [name, String(path)])),
    template: requiredText(given, 'InputTemplate'),
  };
}

const TARGET_PROPERTIES = new Set([
  ...['Id', 'Arn', 'RoleArn', 'Input', 'InputPath', 'InputTransformer', 'RetryPolicy', 'DeadLetterConfig'],
]);

function ruleTarget(site: Site, target: Json): RuleTarget {
  refuse(target, ...Object.keys(target).filter((name) => !TARGET_PROPERTIES.has(name)));
  const roleArn = optionalText(target, 'RoleArn');
  if (roleArn) site.roles.requireTrust(roleArn, 'events.amazonaws.com');
  return {
    arn: requiredText(target, 'Arn'),
    roleArn,
    input: optionalText(target, 'Input'),
    inputPath: optionalText(target, 'InputPath'),
    transformer: transformer(target),
    retry: retryPolicy(target),
    deadLetterArn: deadLetters(target),
  };
}

const rule: Build = (site, properties) => {
  if ((properties.EventBusName ?? 'default') !== 'default') throw new Error('only the default event bus is simulated');
  refuse(properties, 'RoleArn');
  const name = site.name(properties.Name);
  site.services.events.deploy({
    name,
    enabled: (properties.State ?? 'ENABLED') === 'ENABLED',
    pattern: isObject(properties.EventPattern) ? properties.EventPattern : undefined,
    schedule: optionalText(properties, 'ScheduleExpression'),
    targets: listOf(properties, 'Targets')
      .filter(isObject)
      .map((target) => ruleTarget(site, target)),
  });
  const ruleArn = arn(site.kernel, 'events', `rule/${name}`);
  return { ref: name, attributes: { Arn: ruleArn }, remove: () => site.services.events.remove(name) };
};

const SCHEDULE_TARGET_PROPERTIES = new Set(['Arn', 'RoleArn', 'Input', 'RetryPolicy', 'DeadLetterConfig']);

const schedule: Build = (site, properties) => {
  refuse(properties, 'StartDate', 'EndDate');
  const window = isObject(properties.FlexibleTimeWindow) ? properties.FlexibleTimeWindow.Mode : undefined;
  if (window !== 'OFF') throw new Error('FlexibleTimeWindow other than OFF is not simulated');
  const target = isObject(properties.Target) ? properties.Target : {};
  refuse(target, ...Object.keys(target).filter((name) => !SCHEDULE_TARGET_PROPERTIES.has(name)));
  const roleArn = requiredText(target, 'RoleArn');
  site.roles.requireTrust(roleArn, 'scheduler.amazonaws.com');
  const name = site.name(properties.Name);
  const group = optionalText(properties, 'GroupName') ?? 'default';
  site.services.scheduler.deploy({
    name,
    group,
    expression: requiredText(properties, 'ScheduleExpression'),
    timezone: optionalText(properties, 'ScheduleExpressionTimezone') ?? 'UTC',
    enabled: (properties.State ?? 'ENABLED') === 'ENABLED',
    description: optionalText(properties, 'Description'),
    targetArn: requiredText(target, 'Arn'),
    roleArn,
    input: optionalText(target, 'Input') ?? '{}',
    retry: retryPolicy(target),
    deadLetterArn: deadLetters(target),
  });
  const attributes = { Arn: arn(site.kernel, 'scheduler', `schedule/${group}/${name}`) };
  return { ref: name, attributes, remove: () => site.services.scheduler.remove(group, name) };
};

const scheduleGroup: Build = (site, properties) => {
  const name = site.name(properties.Name);
  return { ref: name, attributes: { Arn: arn(site.kernel, 'scheduler', `schedule-group/${name}`) } };
};

export const SCHEDULE_RESOURCES: Readonly<Record<string, Build>> = {
  'AWS::Events::Rule': rule,
  'AWS::Scheduler::Schedule': schedule,
  'AWS::Scheduler::ScheduleGroup': scheduleGroup,
};
