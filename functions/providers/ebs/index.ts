/** EBS volumes of EC2 instances: snapshots in sets. */
import type { Provider } from '../provider.ts';
import { begin } from './begin.ts';
import { beginByVss } from './begin-by-vss.ts';
import { ebsDetail } from './detail.ts';
import { find, tagged } from './from-tags.ts';
import { discard, label } from './keep.ts';
import { unusableKeysBy } from './key-states.ts';
import { left } from './left.ts';
import { plan } from './plan.ts';
import { progress } from './progress.ts';

export const ebs: Provider = {
  kind: 'ebs',
  plan,
  begin,
  beginBy: beginByVss,
  progress,
  find,
  left,
  label,
  discard,
  tagged,
  unusableKeys: unusableKeysBy((artifact) => [ebsDetail(artifact).kmsKeyId]),
};
