/** Where a service is spoken to. */
import { partition } from '@aws-sdk/core/client';
import {
  loadConfig,
  NODE_USE_DUALSTACK_ENDPOINT_CONFIG_OPTIONS,
  NODE_USE_FIPS_ENDPOINT_CONFIG_OPTIONS,
} from '@smithy/core/config';
import { resolveEndpointConfig } from '@smithy/core/endpoints';

export interface Service {
  /** AWS's service id, as in `AWS_ENDPOINT_URL_DYNAMODB`. */
  readonly id: string;
  /** First label of its hosts. Every service that is called here signs by that name too. */
  readonly host: string;
  /** Regions of GovCloud whose plain host is the FIPS endpoint: they have no `-fips` one. */
  readonly plainFipsRegions?: readonly string[];
}

export const govCloud = ['us-gov-east-1', 'us-gov-west-1'];

/**
 * The endpoint that the SDK's client of the service would take: `AWS_ENDPOINT_URL_<SERVICE>` and `AWS_ENDPOINT_URL` first (or what
 * the profile says of them), then the Region's own, by `AWS_USE_FIPS_ENDPOINT` and `AWS_USE_DUALSTACK_ENDPOINT`.
 * https://docs.aws.amazon.com/sdkref/latest/guide/feature-ss-endpoints.html
 */
export async function endpointOf(service: Service, region: string): Promise<URL> {
  const configured = await configuredEndpoint(service);
  if (configured !== undefined) return new URL(configured);
  const [isFips, isDualStack] = await Promise.all([
    loadConfig(NODE_USE_FIPS_ENDPOINT_CONFIG_OPTIONS)(),
    loadConfig(NODE_USE_DUALSTACK_ENDPOINT_CONFIG_OPTIONS)(),
  ]);
  return new URL(`https://${hostOf(service, region, { isFips: isFips ?? false, isDualStack: isDualStack ?? false })}`);
}

/** Read by the SDK's own rules, which no other export of it gives. */
async function configuredEndpoint({ id }: Service): Promise<string | undefined> {
  const { serviceConfiguredEndpoint } = resolveEndpointConfig({
    serviceId: id,
    urlParser: () => ({ protocol: '', hostname: '', path: '' }),
    endpointProvider: () => ({ url: new URL('https://unused') }),
  });
  return serviceConfiguredEndpoint?.();
}

export function hostOf(
  { host, plainFipsRegions = [] }: Service,
  region: string,
  { isFips, isDualStack }: { readonly isFips: boolean; readonly isDualStack: boolean },
): string {
  const { dnsSuffix, dualStackDnsSuffix } = partition(region);
  const isPlain = !isFips || (plainFipsRegions.includes(region) && !isDualStack);
  return `${isPlain ? host : `${host}-fips`}.${region}.${isDualStack ? dualStackDnsSuffix : dnsSuffix}`;
}
