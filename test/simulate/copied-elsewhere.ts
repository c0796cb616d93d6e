/** A workload of which every point is copied to another Region, too. */
import type { Stage } from '../scenario/stage.ts';
import type { Misfortune } from './scenario.ts';
import type { Subject } from './subject.ts';
import { appliance1 } from './subjects.ts';

const region = 'eu-central-1';
const keyId = 'mrk-0a1b2c3d4e5f60718293a4b5c6d7e8f9';
const key = `arn:aws:kms:${region}:111122223333:key/${keyId}`;

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
