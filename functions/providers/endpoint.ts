/** Where a resource is spoken to. */
import type { Resource } from './replacement/replacement-service.ts';

interface Endpoint {
  readonly Address?: string | undefined;
  readonly Port?: number | undefined;
}

/** As applications write it: `host:port`. */
export const endpointOf = ({ Address, Port }: Endpoint = {}): Pick<Resource, 'endpoint'> =>
  Address === undefined ? {} : { endpoint: `${Address}:${Port}` };
