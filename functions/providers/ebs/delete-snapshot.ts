import { DeleteSnapshotCommand } from '@aws-sdk/client-ec2';
import { paced } from '#platform/aws/paced.ts';
import { unlessCalled } from '#platform/aws-errors.ts';
import { ec2, ec2In } from '#platform/clients/ec2.ts';

/**
 * Of an account's five in one Region, which other tools have, too. Refused, a fleet's would take the better part of a day, and never end where more
 * expire. https://docs.aws.amazon.com/ec2/latest/devguide/ec2-api-throttling.html
 */
const perSecond = 4;

const turns = new Map<string, () => Promise<void>>();

/**
 * Deletes a snapshot in its turn; one that is gone is no error.
 * @param region another one; default the stack's own
 * @throws what EC2 throws
 */
export async function deleteSnapshot(SnapshotId: string, region?: string): Promise<void> {
  const turn = turns.get(region ?? '') ?? paced(perSecond);
  turns.set(region ?? '', turn);
  await turn();
  const { client } = region === undefined ? { client: ec2() } : ec2In(region);
  await client.send(new DeleteSnapshotCommand({ SnapshotId })).catch(unlessCalled('InvalidSnapshot.NotFound'));
}
