/**
 * A run is named after its workload and scheduled time, so that a schedule delivered twice is one run. The name also fits a
 * Step Functions execution (80 characters, no white space, brackets or wildcards:
 * https://docs.aws.amazon.com/step-functions/latest/apireference/API_StartExecution.html), a tag and a DynamoDB key.
 */
import { invalidRequest } from './faults.ts';

const pattern = /^([a-z](?:[a-z0-9-]{0,30}[a-z0-9])?)-(\d{4})(\d\d)(\d\d)T(\d\d)(\d\d)(\d\d)Z$/;

/**
 * @param scheduledAt ISO 8601 in UTC; fractions of a second are dropped
 * @returns `<workload>-20261121T030000Z`, at most 49 characters
 * @throws InvalidRequest when either part is not what it should be
 */
export function runIdFor(workload: string, scheduledAt: string): string {
  const time = /Z$/.test(scheduledAt) ? Date.parse(scheduledAt) : Number.NaN;
  if (Number.isNaN(time)) throw invalidRequest(`"${scheduledAt}" is not a time in UTC such as 2026-11-21T03:00:00Z.`);
  const id = `${workload}-${new Date(time).toISOString().slice(0, 19).replaceAll(/[-:]/g, '')}Z`;
  if (!pattern.test(id)) throw invalidRequest(`"${workload}" at ${scheduledAt} does not make a run id.`);
  return id;
}

/** @returns the parts, `scheduledAt` as ISO 8601 in UTC with milliseconds; undefined when the text is no run id */
export function parseRunId(id: string): { readonly workload: string; readonly scheduledAt: string } | undefined {
  const [, workload, year, month, day, hour, minute, second] = pattern.exec(id) ?? [];
  const time = Date.parse(`${year}-${month}-${day}T${hour}:${minute}:${second}Z`);
  if (workload === undefined || Number.isNaN(time)) return undefined;
  const scheduledAt = new Date(time).toISOString();
  return runIdFor(workload, scheduledAt) === id ? { workload, scheduledAt } : undefined;
}
