/**
 * Another Region of the same account: what copies go to. It shares clock, chance, faults, calls and identities with the one that everything is
 * deployed to, and has EC2, RDS and KMS; its events reach nobody, since nothing is deployed there.
 */
import { createGateway, type Gateway, type GatewayOptions } from './gateway.ts';
import type { Identities } from './iam/identity.ts';
import type { Kernel } from './kernel/service.ts';
import { type Elsewhere, keyStates } from './region-services.ts';
import { createEc2, type Ec2, type Ec2Options } from './services/ec2/ec2.ts';
import { createKms, type KmsService } from './services/kms/kms.ts';
import { createRds, type RdsOptions, type RdsService } from './services/rds/rds.ts';

export interface Neighbour {
  readonly services: { readonly ec2: Ec2; readonly kms: KmsService; readonly rds: RdsService };
  readonly gateway: Gateway;
}

export interface NeighbourGround extends Pick<GatewayOptions, 'latencyMs'> {
  readonly identities: Identities;
  readonly elsewhere: Elsewhere;
  readonly ec2: Omit<Ec2Options, 'keys' | 'elsewhere'> | undefined;
  readonly rds: RdsOptions | undefined;
}

export function createNeighbour(home: Kernel, regionName: string, ground: NeighbourGround): Neighbour {
  const { identities, elsewhere, ec2: ec2Options, rds: rdsOptions, ...gatewayOptions } = ground;
  const kernel: Kernel = { ...home, regionName, random: home.random.fork(regionName), emit: () => undefined };
  const kms = createKms(kernel);
  const keys = keyStates(kms);
  const ec2 = createEc2(kernel, { ...ec2Options, keys, elsewhere: (name) => elsewhere(name)?.ec2.context });
  const rds = createRds(kernel, {
    ...{ ...rdsOptions, keyState: keys.keyState, elsewhere: (name) => elsewhere(name)?.rds.world },
  });
  return { services: { ec2, kms, rds }, gateway: createGateway(kernel, [ec2, kms, rds], identities, gatewayOptions) };
}
