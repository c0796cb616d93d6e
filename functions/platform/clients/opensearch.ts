/** OpenSearch Service, as far as the functions use it: what it says of a domain, and what the domain itself answers, which has an address of its own. */
import * as z from 'zod/mini';
import { awsCaller, type Call, type CallerSettings } from '../aws/aws-caller.ts';
import { messageOf } from '../aws/json-caller.ts';
import type { Refusal, Reply } from '../aws/reply-error.ts';
import { restJsonRefusal } from '../aws/rest-json-refusal.ts';
import { domainCarrier, isInVpc } from '../domain-carrier.ts';
import { lazy } from '../lazy.ts';
import { parsedJson } from '../parsed-json.ts';

/** https://docs.aws.amazon.com/opensearch-service/latest/APIReference/API_DomainStatus.html */
const domain = lazy(() =>
  z.object({
    /** Host names: of a domain that anybody may reach, and of one in a VPC. */
    Endpoint: z.optional(z.string()),
    Endpoints: z.optional(z.record(z.string(), z.string())),
    /** Of one in a VPC. */
    VPCOptions: z.optional(
      z.object({
        VPCId: z.optional(z.string()),
        SubnetIds: z.optional(z.array(z.string())),
        SecurityGroupIds: z.optional(z.array(z.string())),
      }),
    ),
    EngineVersion: z.optional(z.string()),
    Deleted: z.optional(z.boolean()),
    Processing: z.optional(z.boolean()),
    UpgradeProcessing: z.optional(z.boolean()),
    DomainProcessingStatus: z.optional(z.string()),
    ServiceSoftwareOptions: z.optional(z.object({ UpdateStatus: z.optional(z.string()) })),
    /** Ten hours of every day, UTC. */
    OffPeakWindowOptions: z.optional(
      z.object({
        OffPeakWindow: z.optional(
          z.object({ WindowStartTime: z.optional(z.object({ Hours: z.number(), Minutes: z.number() })) }),
        ),
      }),
    ),
    ClusterConfig: z.optional(z.object({ MultiAZWithStandbyEnabled: z.optional(z.boolean()) })),
  }),
);
const described = lazy(() => z.object({ DomainStatus: domain() }));
/** https://docs.aws.amazon.com/opensearch-service/latest/APIReference/API_DescribeDomainHealth.html */
const health = lazy(() => z.object({ ClusterHealth: z.optional(z.string()) }));

export type Domain = z.infer<ReturnType<typeof domain>>;

export interface DomainRequest extends Required<Pick<Call, 'method' | 'path'>> {
  /** Of the domain. */
  readonly host: string;
  /** JSON; absent: none. */
  readonly body?: object;
}

export interface OpenSearch {
  describeDomain(name: string): Promise<Domain>;
  /** `Green`, `Yellow`, `Red` or `NotAvailable`. */
  healthOf(name: string): Promise<string>;
  /** One request of the domain's own API; errors carry OpenSearch's own type as their name. */
  ask<Output>(request: DomainRequest, schema: z.ZodMiniType<Output>): Promise<Output>;
}

export const opensearchService = { id: 'OpenSearch', host: 'es' };

export const opensearch: () => OpenSearch = lazy(() => opensearchOver());

export function opensearchOver(settings?: CallerSettings): OpenSearch {
  const ofService = awsCaller({ ...opensearchService, refusal: restJsonRefusal }, settings);
  const ofDomain = awsCaller({ ...opensearchService, refusal: domainRefusal }, settings);
  const inVpc = { ...settings, requestHandler: domainCarrier(settings) };
  const ofDomainInVpc = awsCaller({ ...opensearchService, refusal: domainRefusal }, inVpc);
  const get = async (path: string) => parsedJson(await ofService({ method: 'GET', path, headers: {}, body: '' }));
  const pathOf = (name: string) => `/2021-01-01/opensearch/domain/${encodeURIComponent(name)}`;
  return {
    describeDomain: async (name) => z.parse(described(), await get(pathOf(name))).DomainStatus,
    healthOf: async (name) => z.parse(health(), await get(`${pathOf(name)}/health`)).ClusterHealth ?? 'NotAvailable',
    ask: async ({ host, body, ...request }, schema) => {
      const headers = { accept: 'application/json', 'content-type': 'application/json' };
      const text = body === undefined ? '' : JSON.stringify(body);
      const endpoint = new URL(`https://${host}`);
      const call = isInVpc(host) ? ofDomainInVpc : ofDomain;
      return z.parse(schema, parsedJson(await call({ ...request, endpoint, headers, body: text })));
    },
  };
}

const cause = z.object({ type: z.optional(z.string()), reason: z.optional(z.nullable(z.string())) });
const failed = lazy(() => z.object({ error: z.extend(cause, { caused_by: z.optional(cause) }) }));
/** OpenSearch's name for it, whatever it was that another is in the way of. */
export const anotherSnapshot = 'concurrent_snapshot_execution_exception';

/** What stands before a domain answers in words of its own: who may not, and when it is too much. */
const codes: Readonly<Record<number, string>> = { 403: 'AccessDeniedException', 429: 'TooManyRequestsException' };

function domainRefusal(reply: Reply): Refusal {
  const body = parsedJson(reply.body);
  const { error } = z.safeParse(failed(), body).data ?? {};
  if (error === undefined) return { code: codes[reply.statusCode], message: messageOf(body) };
  const reasons = [error.reason, error.caused_by?.reason].flatMap((reason) => reason ?? []);
  // Of many reasons why it is too much one has a name of its own: another snapshot.
  const isPlain = reply.statusCode !== 429 || error.type === anotherSnapshot;
  return {
    code: (isPlain ? error.type : undefined) ?? codes[reply.statusCode],
    message: reasons.join(': ') || undefined,
  };
}
