import { DescribeInstancesCommand } from '@aws-sdk/client-ec2';
import { ec2 } from '#platform/clients/ec2.ts';

/** Nothing is held in a machine that is off: freezing and the state of the scripts end with the operating system. */
const downStates = ['stopped', 'terminated'];

/**
 * Whether an instance is off, or does not exist any more. Seen from EC2: an agent that does not answer proves nothing.
 * @throws what the SDK throws
 */
export async function isDown(instanceId: string): Promise<boolean> {
  const { Reservations = [] } = await ec2().send(
    new DescribeInstancesCommand({ Filters: [{ Name: 'instance-id', Values: [instanceId] }] }),
  );
  const [instance] = Reservations.flatMap(({ Instances = [] }) => Instances);
  return instance === undefined || downStates.includes(instance.State?.Name ?? '');
}
