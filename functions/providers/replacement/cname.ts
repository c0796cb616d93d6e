/** One CNAME record of Route 53. https://docs.aws.amazon.com/Route53/latest/APIReference/API_ChangeResourceRecordSets.html */
import {
  type ChangeBatch,
  ChangeResourceRecordSetsCommand,
  GetChangeCommand,
  ListResourceRecordSetsCommand,
  type ResourceRecordSet,
} from '@aws-sdk/client-route-53';
import type { Cname } from '#domain/policy.ts';
import { codeOf } from '#platform/aws-errors.ts';
import { route53 } from '#platform/clients/route-53.ts';

export interface CnameRecord {
  readonly value: string;
  readonly ttlSeconds: number;
}

/** Undefined: there is no such zone, or no plain CNAME of that name in it (one that is weighted, or an alias, has no value of its own). */
export async function readCname({ zone, name }: Cname): Promise<CnameRecord | undefined> {
  const asked = { HostedZoneId: zone, StartRecordName: name, StartRecordType: 'CNAME', MaxItems: 1 } as const;
  const { ResourceRecordSets: [record] = [] } = await route53()
    .send(new ListResourceRecordSetsCommand(asked))
    .catch((error: unknown) => {
      if (codeOf(error) === 'NoSuchHostedZone') return { ResourceRecordSets: [] };
      throw error;
    });
  // The list begins at the name, and goes on with others.
  if (record?.Name !== `${name}.` || record.Type !== 'CNAME' || record.SetIdentifier !== undefined) return undefined;
  const { TTL: ttlSeconds = 0, ResourceRecords: [{ Value } = {}] = [] } = record;
  return Value === undefined ? undefined : { value: Value.replace(/\.$/, ''), ttlSeconds };
}

/** @returns the change that it is awaited by */
export async function pointCname({ zone, name, ttlSeconds }: Cname, value: string): Promise<string | undefined> {
  const ResourceRecordSet: ResourceRecordSet = {
    ...{ Name: name, Type: 'CNAME', TTL: ttlSeconds, ResourceRecords: [{ Value: value }] },
  };
  const ChangeBatch: ChangeBatch = { Changes: [{ Action: 'UPSERT', ResourceRecordSet }] };
  const { ChangeInfo } = await route53().send(new ChangeResourceRecordSetsCommand({ HostedZoneId: zone, ChangeBatch }));
  return ChangeInfo?.Id;
}

/** Whether all servers of Route 53 have a change. */
export async function askCname(change: string): Promise<boolean> {
  const { ChangeInfo } = await route53().send(new GetChangeCommand({ Id: change }));
  return ChangeInfo?.Status === 'INSYNC';
}
