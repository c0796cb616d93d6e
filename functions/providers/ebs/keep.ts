/** Labelling what is sealed and deleting what has expired. */
import { CreateTagsCommand } from '@aws-sdk/client-ec2';
import type { Artifact } from '#domain/artifact.ts';
import { tagKeys } from '#domain/tags.ts';
import { faultWhile } from '#platform/aws-errors.ts';
import { ec2 } from '#platform/clients/ec2.ts';
import { deleteSnapshot } from './delete-snapshot.ts';

/** Resources that one CreateTags call takes. https://docs.aws.amazon.com/AWSEC2/latest/APIReference/API_CreateTags.html */
const tagBatch = 500;

export async function label(
  artifacts: readonly Artifact[],
  labels: { readonly verdict: string; readonly expiresAt: string },
): Promise<void> {
  const Tags = [
    { Key: tagKeys.verdict, Value: labels.verdict },
    { Key: tagKeys.expires, Value: labels.expiresAt },
  ];
  for (let from = 0; from < artifacts.length; from += tagBatch) {
    const Resources = artifacts.slice(from, from + tagBatch).map(({ id }) => id);
    await ec2()
      .send(new CreateTagsCommand({ Resources, Tags }))
      .catch(faultWhile(`labelling ${Resources.join(', ')}`));
  }
}

/** Deletes one snapshot. @throws ProviderFault when something else holds it (an AMI, a lock, AWS Backup) */
export async function discard({ id }: Artifact): Promise<boolean> {
  await deleteSnapshot(id).catch(faultWhile(`deleting ${id}`));
  return true;
}
