import { faultWhile } from '#platform/aws-errors.ts';
import { type Agent, ssm } from '#platform/clients/ssm.ts';

/** Instances that one DescribeInstanceInformation filter takes, and the largest page. */
const batch = 50;

/** The SSM agents of these instances, by their ids; those without one are left out. */
export async function agentsOf(instanceIds: readonly string[]): Promise<ReadonlyMap<string, Agent>> {
  const agents = new Map<string, Agent>();
  for (let from = 0; from < instanceIds.length; from += batch) {
    const Values = instanceIds.slice(from, from + batch);
    const page = await ssm()
      .describeInstanceInformation({ Filters: [{ Key: 'InstanceIds', Values }], MaxResults: batch })
      .catch(faultWhile(`asking for the SSM agents of ${Values.join(', ')}`));
    for (const agent of page.InstanceInformationList) agents.set(agent.InstanceId ?? '', agent);
  }
  return agents;
}
