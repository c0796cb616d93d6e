/** What one workload may have at most: a Region's hundred pending snapshots, each with the tags of a large company. */
import { afterEach, expect, it } from 'vitest';
import { recover, recovered } from './scenario/recovering.ts';
import { closeStage, night, openStage, pointsIn, runsIn, type Stage } from './scenario/stage.ts';

let stage: Stage;

afterEach(() => closeStage(stage));

/** EC2 allows 50 a snapshot, of which Holdfast needs some of its own and one a volume of the instance. */
const tags = Object.fromEntries(
  Array.from({ length: 30 }, (_, index) => [
    `company:cost-allocation-${index}`,
    `A value of ${index} such as are given`,
  ]),
);
const letters = ['f', 'g', 'h', 'i', 'j'];
const instances = Array.from({ length: 20 }, (_, index) => `i-${index.toString(16).padStart(17, '0')}`);

function launch({ services: { ec2 } }: Stage): void {
  for (const id of instances) {
    const volumes = letters.map((letter) => ({
      device: `/dev/sd${letter}`,
      sizeGib: 50,
      tags: { Name: `${id}-${letter}`, ...tags },
    }));
    ec2.world.launchInstance({ id, name: `shop-${id}`, tags: { application: 'shop' }, volumes });
  }
}

const attached = (id: string) =>
  [...stage.services.ec2.world.instance(id).mappings.values()].map(({ volumeId }) => volumeId).toSorted();

it('a set of a hundred volumes with thirty tags each is backed up, sealed and brought back', async () => {
  stage = await openStage({
    policy: {
      version: 1,
      mail: { failures: ['ops@example.com'] },
      workloads: {
        shop: {
          schedule: { cron: '0 3 * * ? *' },
          members: [{ kind: 'ebs', instance: { tags: { application: 'shop' } }, volumes: 'data' }],
          quiesce: { hooks: [{ kind: 'filesystem' }] },
        },
      },
    },
  });
  launch(stage);
  await night(stage);
  const [run] = await runsIn(stage, 'shop');
  expect(run).toMatchObject({ state: 'sealed' });
  const [point] = await pointsIn(stage, 'shop');
  expect(point?.artifacts).toHaveLength(100);
  expect(point?.artifacts[99]?.detail.tags).toMatchObject(tags);
  const before = instances.map(attached);
  await recover(stage, { workload: 'shop' });
  expect(await recovered(stage, 'shop')).toMatchObject({ state: 'committed' });
  for (const [index, id] of instances.entries()) {
    expect(attached(id)).toHaveLength(6);
    expect(attached(id).filter((volume) => before[index]?.includes(volume))).toHaveLength(1);
  }
});
