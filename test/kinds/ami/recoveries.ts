import type { Region } from '#simulator/region.ts';
import { DEFAULT_INSTANCE_TYPE } from '#simulator/services/ec2/launch-spec.ts';
import type { RecoveryArrangement, RecoveryArrangements } from '../../conformance/recovery-arrangement.ts';

const name = 'machine';
const file = '/mnt/sdf/rows';
const roleArn = 'arn:aws:iam::111122223333:role/machine';
const elasticIp = '203.0.113.7';

const world = ({ services }: Region) => services.ec2.world;
const rowsOf = (region: Region, id: string) => world(region).guest(id).read(file)?.split('\n') ?? [];
const launched = (region: Region) =>
  [...world(region).instances.values()].filter(({ clientToken }) => clientToken !== undefined);

/** Where nothing leads to a new one, a person looks at it where it runs. */
const beside = (region: Region) => launched(region).find(({ state }) => state === 'running')?.id ?? name;
const addressed = (region: Region) => [...world(region).addresses.values()][0]?.association?.instanceId ?? name;

const leading = (present: (region: Region) => string): Omit<RecoveryArrangement, 'member'> => ({
  launch: (region) =>
    void world(region).launchInstance({
      ...{ name, roleArn, elasticIp, keyName: 'ops', tags: { team: 'shop' }, userData: 'echo up' },
      volumes: [{ device: '/dev/sdf', sizeGib: 1 }],
    }),
  write: (region, row) => {
    const id = present(region);
    world(region)
      .guest(id)
      .write(file, [...rowsOf(region, id), row].join('\n'));
  },
  find: (region) => {
    const { spec, state } = world(region).instance(present(region));
    const { type = DEFAULT_INSTANCE_TYPE, keyName, userData, roleArn: role } = spec;
    return { rows: rowsOf(region, present(region)), settings: { type, keyName, userData, role, state } };
  },
  everything: (region) =>
    new Map<string, unknown>([
      ...[...world(region).instances.values()].map(({ id, state, tags }): [string, unknown] => [
        id,
        { state, tags: Object.fromEntries(tags) },
      ]),
      ...[...world(region).addresses.values()].map(({ id, association }): [string, unknown] => [
        id,
        association?.instanceId,
      ]),
    ]),
  newOneBreaks: ({ services: { ec2 } }) =>
    void ec2.context.onInstanceState.push(({ id }) => {
      const { clientToken, state } = ec2.world.instance(id);
      if (clientToken !== undefined && state === 'running') ec2.arrange.instanceTerminated(id);
    }),
});

const member = { kind: 'ami', instance: { tags: { Name: name } }, role: 'machine' } as const;

export const recoveries: RecoveryArrangements = {
  'ami: beside': { ...leading(beside), member },
  'ami: in its place': { ...leading(addressed), member, request: { replace: true } },
};
