/** Whole EC2 instances: one image each, which is found again by its name. */
import { unusableKeysBy } from '../ebs/key-states.ts';
import { namedArtifacts } from '../named-snapshots.ts';
import type { Provider } from '../provider.ts';
import { detailOf } from './detail.ts';
import { discard } from './discard.ts';
import { images } from './images.ts';
import { left } from './left.ts';
import { plan } from './plan.ts';

export const ami: Provider = {
  ...namedArtifacts(images),
  ...{ plan, left, discard },
  isMeasured: ({ resource }, dimension, value) => dimension === 'InstanceId' && value === resource,
  unusableKeys: unusableKeysBy(({ detail }) => detailOf(detail).volumes?.map(({ kmsKeyId }) => kmsKeyId) ?? []),
};
