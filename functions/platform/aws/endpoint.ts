/** Where a service is spoken to. */
export interface Service {
  /** AWS's service id, as in `AWS_ENDPOINT_URL_DYNAMODB`. */
  readonly id: string;
  /** First label of its hosts. Every service that is called here signs by that name too. */
  readonly host: string;
  /** Regions of GovCloud whose plain host is the FIPS endpoint: they have no `-fips` one. */
  readonly plainFipsRegions?: readonly string[];
  /** And so of the dual-stack host. */
  readonly plainDualStackRegions?: readonly string[];
  /** Regions of GovCloud whose dual-stack host is the `-fips` one, asked for or not. */
  readonly fipsDualStackRegions?: readonly string[];
}

export const govCloud = ['us-gov-east-1', 'us-gov-west-1'];

/** Environment variables of the SDKs, by name. */
export type EndpointVariables = Readonly<Record<string, string | undefined>>;

/**
 * The endpoint that the SDK's client of the service would take from the environment: `AWS_ENDPOINT_URL_<SERVICE>`,
 * `AWS_ENDPOINT_URL`, else the Region's own, by `AWS_USE_FIPS_ENDPOINT` and `AWS_USE_DUALSTACK_ENDPOINT`. What a profile says of
 * them, the CLI puts there.
 * https://docs.aws.amazon.com/sdkref/latest/guide/feature-ss-endpoints.html
 */
export function endpointOf(service: Service, region: string, variables: EndpointVariables): URL {
  const isIgnored = variables.AWS_IGNORE_CONFIGURED_ENDPOINT_URLS === 'true';
  const own = variables[`AWS_ENDPOINT_URL_${service.id.toUpperCase()}`];
  const configured = isIgnored ? undefined : own || variables.AWS_ENDPOINT_URL;
  return new URL(configured || `https://${hostOf(service, region, variables)}`);
}

/** What the domains of a partition end in: of one address family, and of both. */
interface Suffixes {
  readonly plain: string;
  readonly dualStack: string;
}

/** By the beginning of a Region's name. https://docs.aws.amazon.com/whitepapers/latest/aws-fault-isolation-boundaries/partitions.html */
const partitions: Readonly<Record<string, Suffixes>> = {
  'cn-': { plain: 'amazonaws.com.cn', dualStack: 'api.amazonwebservices.com.cn' },
  'eusc-': { plain: 'amazonaws.eu', dualStack: 'api.amazonwebservices.eu' },
  'us-iso-': { plain: 'c2s.ic.gov', dualStack: 'api.aws.ic.gov' },
  'us-isob-': { plain: 'sc2s.sgov.gov', dualStack: 'api.aws.scloud' },
  'eu-isoe-': { plain: 'cloud.adc-e.uk', dualStack: 'api.cloud-aws.adc-e.uk' },
  'us-isof-': { plain: 'csp.hci.ic.gov', dualStack: 'api.aws.hci.ic.gov' },
};
const elsewhere: Suffixes = { plain: 'amazonaws.com', dualStack: 'api.aws' };

function hostOf(service: Service, region: string, variables: EndpointVariables): string {
  const { host, plainFipsRegions = [], plainDualStackRegions = [], fipsDualStackRegions = [] } = service;
  const isDualStack = variables.AWS_USE_DUALSTACK_ENDPOINT === 'true';
  const isFips = variables.AWS_USE_FIPS_ENDPOINT === 'true';
  const [, suffixes] = Object.entries(partitions).find(([begin]) => region.startsWith(begin)) ?? ['', elsewhere];
  const isAsked = isFips || (isDualStack && fipsDualStackRegions.includes(region));
  const isPlain = !isAsked || (isDualStack ? plainDualStackRegions : plainFipsRegions).includes(region);
  return `${isPlain ? host : `${host}-fips`}.${region}.${isDualStack ? suffixes.dualStack : suffixes.plain}`;
}
