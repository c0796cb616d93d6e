/** Route 53: hosted zones with plain records, as far as a recovery leads applications by them. */
import type * as Route53 from '@aws-sdk/client-route-53';
import { type Access, ApiError, type Kernel, type Service } from '../../kernel/service.ts';

export interface Route53Simulation extends Service {
  /** Records of each zone, by `<name>. <type>`. */
  readonly zones: Map<string, Map<string, Route53.ResourceRecordSet>>;
}

/** "Generally within 60 seconds". https://docs.aws.amazon.com/Route53/latest/APIReference/API_ChangeResourceRecordSets.html */
const insyncMs = 45_000;

export function createRoute53(kernel: Kernel): Route53Simulation {
  const zones: Route53Simulation['zones'] = new Map();
  const changes = new Map<string, number>();
  const zoneOf = (id = '') => {
    const zone = zones.get(id);
    if (zone === undefined) throw new ApiError('NoSuchHostedZone', `No hosted zone found with ID: ${id}`, 404);
    return zone;
  };
  const changeInfo = (id: string): Route53.ChangeInfo => {
    const submittedMs = changes.get(id) ?? Number.NaN;
    const Status = kernel.clock.nowMs() >= submittedMs + insyncMs ? 'INSYNC' : 'PENDING';
    return { Id: `/change/${id}`, Status, SubmittedAt: new Date(submittedMs) };
  };
  return {
    name: 'route53',
    client: () => import('@aws-sdk/client-route-53'),
    zones,
    operations: {
      ChangeResourceRecordSets: ({ HostedZoneId, ChangeBatch }: Route53.ChangeResourceRecordSetsRequest) => {
        const zone = zoneOf(HostedZoneId);
        for (const change of ChangeBatch?.Changes ?? []) upsert(zone, change);
        const id = kernel.random.hex(14).toUpperCase();
        changes.set(id, kernel.clock.nowMs());
        return { ChangeInfo: changeInfo(id) };
      },
      ListResourceRecordSets: ({
        HostedZoneId,
        StartRecordName = '',
        StartRecordType,
        MaxItems = 300,
      }: Route53.ListResourceRecordSetsRequest) => {
        const from = keyOf(StartRecordName, StartRecordType ?? '');
        const sorted = [...zoneOf(HostedZoneId)].filter(([key]) => key >= from).sort(([a], [b]) => (a < b ? -1 : 1));
        const ResourceRecordSets = sorted.slice(0, MaxItems).map(([, record]) => record);
        return { ResourceRecordSets, IsTruncated: sorted.length > MaxItems, MaxItems };
      },
      GetChange: ({ Id = '' }: Route53.GetChangeRequest) => {
        if (!changes.has(Id)) throw new ApiError('NoSuchChange', `Could not find resource with ID: ${Id}`, 404);
        return { ChangeInfo: changeInfo(Id) };
      },
    },
    access: (operation, input) => route53Access(operation, Object(input)),
  };
}

/** Names end with a dot in Route 53, typed or not. */
const dotted = (name: string) => `${name.toLowerCase().replace(/\.$/, '')}.`;
const keyOf = (name: string, type: string) => `${dotted(name)} ${type}`;

function upsert(zone: Map<string, Route53.ResourceRecordSet>, { Action, ResourceRecordSet: record }: Route53.Change) {
  if (Action !== 'UPSERT') throw new ApiError('InvalidInput', `${Action} is not simulated.`);
  const { Name = '', Type = 'CNAME' } = record ?? {};
  const taken = [...zone.keys()].find((key) => key.startsWith(`${dotted(Name)} `) && key !== keyOf(Name, Type));
  if (Type === 'CNAME' && taken !== undefined) {
    const message = `[RRSet of type CNAME with DNS name ${dotted(Name)} is not permitted as it conflicts with other records with the same DNS name]`;
    throw new ApiError('InvalidChangeBatch', message);
  }
  zone.set(keyOf(Name, Type), { ...record, Name: dotted(Name), Type });
}

/** Service Authorization Reference, Route 53: hosted zones and changes have no Region or account; what a change does are condition keys. */
function route53Access(
  operation: string,
  { HostedZoneId, ChangeBatch, Id }: Route53.ChangeResourceRecordSetsRequest & Route53.GetChangeRequest,
): readonly Access[] {
  const changes = ChangeBatch?.Changes ?? [];
  const records = changes.flatMap(({ ResourceRecordSet }) => ResourceRecordSet ?? []);
  const resource = HostedZoneId === undefined ? `change/${Id}` : `hostedzone/${HostedZoneId}`;
  const prefix = 'route53:ChangeResourceRecordSets';
  const context = {
    [`${prefix}NormalizedRecordNames`]: records.map(({ Name = '' }) => dotted(Name).slice(0, -1)),
    [`${prefix}RecordTypes`]: records.map(({ Type = '' }) => Type),
    [`${prefix}Actions`]: changes.map(({ Action = '' }) => Action),
  };
  return [
    {
      action: `route53:${operation}`,
      resource: `arn:aws:route53:::${resource}`,
      ...(changes.length === 0 ? {} : { context }),
    },
  ];
}
