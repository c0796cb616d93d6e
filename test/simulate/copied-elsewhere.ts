/** A workload of which every point is copied to another Region, too. */
import { key, keyId, region } from '../scenario/second-region.ts';
import type { Stage } from '../scenario/stage.ts';
import type { Misfortune } from './scenario.ts';
import type { Subject } from './subject.ts';
import { appliance1 } from './subjects.ts';

/** Each makes the copy end in error. */
const misfortunes: readonly Misfortune[] = [
  {
    name: 'copy-fails',
    arrange: (stage) => {
      const { ec2 } = stage.neighbour(region).services;
      for (const id of stage.services.ec2.world.snapshots.keys()) ec2.arrange.copyFails(id);
    },
  },
  {
    name: 'copy-key-disabled',
    arrange: (stage) => stage.neighbour(region).services.kms.disable(keyId),
  },
];

export const copiedElsewhere: Subject = {
  ...appliance1,
  launch: (stage: Stage) => void stage.neighbour(region).services.kms.createKey({ id: keyId }),
  copiesTo: region,
  misfortunes: { protect: misfortunes, recover: [] },
  typed: { ...appliance1.typed, copyTo: { region, key } },
};
