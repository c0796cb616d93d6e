/** What an instance is told as it starts. Many keep passwords there, so people who only look may not read it, and it is never printed. */
import { DescribeInstanceAttributeCommand, type Instance } from '@aws-sdk/client-ec2';
import { faultWhile, isDenied } from '#platform/aws-errors.ts';
import { ec2 } from '#platform/clients/ec2.ts';

/** It may have 16 KB, and a record of the ledger 400 KB for a whole run: of what is longer only its being there is noted. */
const mostCharacters = 4096;

/** Neither: the instance has none. */
export interface UserData {
  /** Not encoded. */
  readonly text?: string;
  /** Why what is there is not known, in words that can stand after "its user data". */
  readonly lost?: string;
}

export const unread: UserData = { lost: 'may not be read by whoever asks, and was not looked at' };

export async function readUserData({ InstanceId }: Instance): Promise<UserData> {
  const reading = ec2().send(new DescribeInstanceAttributeCommand({ InstanceId, Attribute: 'userData' }));
  const answer = await reading
    .catch((error: unknown) => (isDenied(error) ? 'denied' : Promise.reject(error)))
    .catch(faultWhile(`reading the user data of ${InstanceId}`));
  if (answer === 'denied') return unread;
  if (answer.UserData?.Value === undefined) return {};
  const text = Buffer.from(answer.UserData.Value, 'base64').toString('utf8');
  const isKept = text.length <= mostCharacters && !text.includes('\uFFFD');
  return isKept ? { text } : { lost: 'is too long to be kept, or no text' };
}
