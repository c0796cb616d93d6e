import { unlessCalled } from '#platform/aws-errors.ts';
import { type Domain, opensearch } from '#platform/clients/opensearch.ts';

/** Undefined: there is none of that name. */
export const domainNamed = (name: string): Promise<Domain | undefined> =>
  opensearch().describeDomain(name).catch(unlessCalled('ResourceNotFoundException'));

/** Where it is spoken to; undefined: it has no endpoint yet. */
export const endpointOf = ({ Endpoint, Endpoints }: Domain): string | undefined => Endpoint ?? Endpoints?.vpc;

/** Where it is spoken to now; undefined: it is gone, or going. */
export async function hostOf(name: string): Promise<string | undefined> {
  const domain = await domainNamed(name);
  return domain === undefined || domain.Deleted ? undefined : endpointOf(domain);
}

/** What its member in the policy lacks. */
export function withoutNetwork(words: string, { VPCOptions = {} }: Domain): string {
  const { VPCId = 'its VPC', SubnetIds = [], SecurityGroupIds = [] } = VPCOptions;
  const own = `network: { subnets: [${SubnetIds.join(', ')}], securityGroups: [${SecurityGroupIds.join(', ')}] }`;
  return `${words} answers inside its VPC only (${VPCId}), where nothing of Holdfast is. Give its member in the policy ${own}, which are its own, if those groups let themselves in at port 443, or others of that VPC; and deploy.`;
}
