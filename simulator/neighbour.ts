/**
 * Another Region of the same account: what copies go to. It shares clock, chance, faults, calls and identities with the one that everything is
 * deployed to, and has EC2 and KMS; its events reach nobody, since nothing is deployed there.
 */
import { createGateway, type Gateway, type GatewayOptions } from './gateway.ts';
import type { Identities } from './iam/identity.ts';
import type { Kernel } from './kernel/service.ts';
import { keyStates } from './region-services.ts';
import { createEc2, type Ec2, type Ec2Options } from './services/ec2/ec2.ts';
import { createKms, type KmsService } from './services/kms/kms.ts';

export interface Neighbour {
  readonly services: { readonly ec2: Ec2; readonly kms: KmsService };
  readonly gateway: Gateway;
}

export interface NeighbourGround extends Pick<GatewayOptions, 'latencyMs'> {
  readonly identities: Identities;
  readonly ec2: Omit<Ec2Options, 'keys'>;
}

export function createNeighbour(home: Kernel, regionName: string, ground: NeighbourGround): Neighbour {
  const { identities, ec2: options, ...gatewayOptions } = ground;
  const kernel: Kernel = { ...home, regionName, random: home.random.fork(regionName), emit: () => undefined };
  const kms = createKms(kernel);
  const ec2 = createEc2(kernel, { ...options, keys: keyStates(kms) });
  return { services: { ec2, kms }, gateway: createGateway(kernel, [ec2, kms], identities, gatewayOptions) };
}
