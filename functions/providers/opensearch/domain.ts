import { unlessCalled } from '#platform/aws-errors.ts';
import { type Domain, opensearch } from '#platform/clients/opensearch.ts';

/** Undefined: there is none of that name. */
export const domainNamed = (name: string): Promise<Domain | undefined> =>
  opensearch().describeDomain(name).catch(unlessCalled('ResourceNotFoundException'));

/** Where it is spoken to now; undefined: it is gone, or going, or answers inside its VPC only. */
export async function hostOf(name: string): Promise<string | undefined> {
  const domain = await domainNamed(name);
  return domain?.Deleted ? undefined : domain?.Endpoint;
}
