import type { Gateway } from '../gateway.ts';
import { gatewayRequestHandler } from './request-handler.ts';

/**
 * Settings for any SDK client that shall talk to this gateway without a socket: `new EC2Client(clientSettings(gateway))`.
 * An access key id that nobody registered is the operator's.
 */
export function clientSettings(gateway: Pick<Gateway, 'handle'>, accessKeyId = 'AKIAOPERATOR', region = 'eu-west-1') {
  return {
    region,
    credentials: { accessKeyId, secretAccessKey: 'unchecked' },
    requestHandler: gatewayRequestHandler(gateway),
  };
}
