/** By which applications find a resource whose name they do not know: an SSM parameter, or a CNAME record. */
import type { Cname } from '#domain/policy.ts';
import { askCname, pointCname, readCname } from './cname.ts';
import { putParameter, readParameter } from './parameter.ts';

export type Signpost = { readonly parameter: string } | { readonly cname: Cname };

/** What a signpost says, and whether everybody hears it by now; `unknown`: nobody asked Route 53 for it, as far as is known. */
export interface Sign {
  readonly says?: string | undefined;
  readonly isHeard: boolean | 'unknown';
  /** Of a parameter; written is a String alone. */
  readonly type?: string | undefined;
}

/** Its name, for sentences. */
export const nameOf = (post: Signpost): string => ('cname' in post ? post.cname.name : post.parameter);

/** What it must say to lead to an endpoint: records have no port. */
export const signTo = (post: Signpost, endpoint: string): string =>
  'cname' in post ? endpoint.replace(/:\d+$/, '') : endpoint;

/** @param change of Route 53's that is awaited, where there is one */
export async function readSign(post: Signpost, change?: string): Promise<Sign> {
  if ('parameter' in post) {
    const { Value: says, Type: type } = (await readParameter(post.parameter)) ?? {};
    return { says, type, isHeard: true };
  }
  const [record, isHeard] = await Promise.all([
    readCname(post.cname),
    change === undefined ? ('unknown' as const) : askCname(change),
  ]);
  return { says: record?.value, isHeard };
}

/** Why nobody can be led by it: a sentence or none. */
export function signRefusals(post: Signpost, { says, type = 'String' }: Sign): readonly string[] {
  const named =
    'cname' in post ? `plain CNAME record ${nameOf(post)} in zone ${post.cname.zone}` : `SSM parameter ${nameOf(post)}`;
  if (says === undefined) {
    return [`The ${named} does not exist: create it with what applications use now, so that a roll back knows it.`];
  }
  if (type === 'String') return [];
  return [
    `The ${named} is a ${type}, and would be written as a String: delete it, and create it with --type String and what applications use now. Where something is found is no secret, and a String is read in the same way.`,
  ];
}

/** @returns the change that it is to be awaited by, where it takes a while until everybody hears of it */
export async function putSign(post: Signpost, value: string): Promise<string | undefined> {
  if ('cname' in post) return pointCname(post.cname, value);
  await putParameter(post.parameter, value);
  return undefined;
}

/** As an operator would type it. */
export function signLine(post: Signpost, value: string): string {
  if ('parameter' in post) {
    return `aws ssm put-parameter --name ${post.parameter} --type String --overwrite --value '${value}'`;
  }
  const { zone, name, ttlSeconds } = post.cname;
  const record = { Name: name, Type: 'CNAME', TTL: ttlSeconds, ResourceRecords: [{ Value: value }] };
  const batch = JSON.stringify({ Changes: [{ Action: 'UPSERT', ResourceRecordSet: record }] });
  return `aws route53 change-resource-record-sets --hosted-zone-id ${zone} --change-batch '${batch}'`;
}
