import { arn } from '../iam/arn.ts';
import { isObject, type Json } from './resolve.ts';
import { type Build, listOf, operate, optionalText, refuse, requiredText } from './resource-builder.ts';

/** Numbers may be text in templates. */
const ALARM_NUMBERS = ['Threshold', 'EvaluationPeriods', 'DatapointsToAlarm', 'Period'];

function alarmInput(name: string, properties: Json): Json {
  const numbers = ALARM_NUMBERS.filter((property) => property in properties);
  const { Tags: _, ...rest } = properties;
  return { ...rest, ...Object.fromEntries(numbers.map((each) => [each, Number(properties[each])])), AlarmName: name };
}

const alarm: Build = async (site, properties) => {
  const name = site.name(properties.AlarmName, 255);
  const { cloudwatch } = site.services;
  await operate(site, cloudwatch, 'PutMetricAlarm', alarmInput(name, properties));
  const attributes = { Arn: arn(site.kernel, 'cloudwatch', `alarm:${name}`) };
  return { ref: name, attributes, remove: () => operate(site, cloudwatch, 'DeleteAlarms', { AlarmNames: [name] }) };
};

/** Pictures only: nothing to simulate. */
const dashboard: Build = (site, properties) => ({ ref: site.name(properties.DashboardName), attributes: {} });

function tagsOf(properties: Json): Record<string, string> {
  const tags = listOf(properties, 'Tags').filter(isObject);
  return Object.fromEntries(tags.map((tag) => [String(tag.Key), String(tag.Value)]));
}

const document: Build = (site, properties) => {
  refuse(properties, 'Attachments');
  if ((properties.DocumentType ?? 'Command') !== 'Command') throw new Error('only Command documents are simulated');
  const name = site.name(properties.Name, 128);
  const { Content: content } = properties;
  if (typeof content !== 'string' && !isObject(content)) throw new Error('Content is missing');
  site.services.ssm.createDocument({ name, content, tags: tagsOf(properties) });
  return { ref: name, attributes: {}, remove: () => site.services.ssm.deleteDocument(name) };
};

const parameter: Build = (site, properties) => {
  const name = optionalText(properties, 'Name') ?? site.name(undefined);
  return {
    ref: name,
    attributes: { Type: requiredText(properties, 'Type'), Value: requiredText(properties, 'Value') },
  };
};

export const WATCH_RESOURCES: Readonly<Record<string, Build>> = {
  'AWS::CloudWatch::Alarm': alarm,
  'AWS::CloudWatch::Dashboard': dashboard,
  'AWS::SSM::Document': document,
  'AWS::SSM::Parameter': parameter,
};
