/** Which instance can move restored files to their place: only one that mounts the file system can. */
import { invalidRequest } from '#domain/faults.ts';
import type { InstanceSelector, Workload } from '#domain/policy.ts';
import { agentsOf } from '#hooks/agents-of.ts';
import { findInstances } from '../ebs/find-instances.ts';

/** @returns an instance that runs Linux and whose SSM agent answers; undefined: there is none. @throws InvalidRequest when the one that is named cannot */
export async function promoterOf(source: string, { members }: Workload): Promise<string | undefined> {
  const own = members.flatMap((member) => ('instance' in member ? [member.instance] : []));
  const named = members.flatMap((member) =>
    member.kind === 'efs' && member.resource === source ? (member.promoteOn ?? []) : [],
  );
  const found = await firstReachable(named.length > 0 ? named : own);
  if (found !== undefined || named.length === 0) return found;
  throw invalidRequest(
    `efs ${source}: the instance that promoteOn names cannot be asked to move the restored files: it must run Linux, and its SSM agent must answer. Start it, or name another, or none.`,
  );
}

async function firstReachable(selectors: readonly InstanceSelector[]): Promise<string | undefined> {
  if (selectors.length === 0) return undefined;
  const running = (await findInstances(selectors)).filter(({ State }) => State?.Name === 'running');
  const ids = running.flatMap(({ InstanceId }) => InstanceId ?? []);
  const agents = await agentsOf(ids);
  return ids.find((id) => agents.get(id)?.PingStatus === 'Online' && agents.get(id)?.PlatformType === 'Linux');
}
