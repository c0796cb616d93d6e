/** The present instance, and the one that a recovery has launched, as EC2 shows them now. */
import { DescribeInstanceStatusCommand, type Instance } from '@aws-sdk/client-ec2';
import { ec2 } from '#platform/clients/ec2.ts';
import { describeInstances } from '../ebs/describe.ts';
import type { Resource } from '../replacement/replacement-service.ts';

/** Whatever it does: nothing is done to it. Undefined: it is terminated. */
export async function lookAtPresent(id: string): Promise<Resource | undefined> {
  const [found] = await describeInstances([
    { Name: 'instance-id', Values: [id] },
    { Name: 'instance-state-name', Values: ['pending', 'running', 'stopping', 'stopped'] },
  ]);
  return found && { id, state: 'ready', words: found.State?.Name ?? 'unknown' };
}

export async function launchedBy(token: string): Promise<Instance | undefined> {
  const [found] = await describeInstances([{ Name: 'client-token', Values: [token] }]);
  return found;
}

/** Ready when both of EC2's status checks have passed. */
export async function lookAtLaunched(token: string): Promise<Resource | undefined> {
  const found = await launchedBy(token);
  if (found === undefined) return undefined;
  const { InstanceId: id = token, State, StateReason } = found;
  const state = State?.Name ?? 'unknown';
  const known = { id, endpoint: id };
  if (state === 'pending') return { ...known, state: 'passing', words: state };
  if (state !== 'running') {
    const reason = StateReason?.Message === undefined ? '' : ` (${StateReason.Message})`;
    return { ...known, state: 'broken', words: `${state}${reason}` };
  }
  return { ...known, ...(await checksOf(id)) };
}

async function checksOf(id: string): Promise<Pick<Resource, 'state' | 'words'>> {
  const { InstanceStatuses = [] } = await ec2().send(new DescribeInstanceStatusCommand({ InstanceIds: [id] }));
  const [seen] = InstanceStatuses;
  const checks = [seen?.SystemStatus?.Status ?? 'initializing', seen?.InstanceStatus?.Status ?? 'initializing'];
  if (checks.every((check) => check === 'ok')) return { state: 'ready', words: 'running' };
  const words = `running, its status checks ${checks.join(' and ')}`;
  return { state: checks.includes('impaired') ? 'broken' : 'passing', words };
}
