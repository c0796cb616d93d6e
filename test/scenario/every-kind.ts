/** A policy with every kind of member and of hook that there is, a plan, and a copy elsewhere. */
import type { Hook } from '#domain/hook.ts';
import { memberKinds } from '#domain/member-kinds.ts';
import type { PolicyInput } from '#domain/policy-schema.ts';
import type { MemberInput } from '../kinds/member-input.ts';
import { ofKinds } from '../kinds/of-kinds.ts';
import { key, region } from './second-region.ts';

type Workload = PolicyInput['workloads'][string];
type HookInput<Kind> = Extract<NonNullable<NonNullable<Workload['quiesce']>['hooks']>[number], { kind: Kind }>;

const members = await ofKinds<{ readonly example: MemberInput }>('example');

const hooks: { readonly [Kind in Hook['kind']]: HookInput<Kind> } = {
  'clean-up': { kind: 'clean-up', roots: ['/srv/work'], folders: ['tmp'] },
  command: { kind: 'command', quiesce: '/opt/quiesce', release: '/opt/release' },
  'ecs-service': { kind: 'ecs-service', cluster: 'shop', service: 'orders' },
  filesystem: { kind: 'filesystem' },
  lambda: { kind: 'lambda', function: 'suspend' },
  mysql: { kind: 'mysql' },
  postgresql: { kind: 'postgresql' },
  redis: { kind: 'redis' },
  services: { kind: 'services', units: ['orders.service'] },
  'windows-vss': { kind: 'windows-vss' },
};

const schedule = { cron: '0 3 * * ? *' } as const;

/** A workload a member, one a hook, and one that is copied to another Region. */
export const everyKind: PolicyInput = {
  version: 1,
  mail: { failures: ['ops@example.com'], reports: ['backups@example.com'] },
  plans: { everything: { select: { tags: { backup: 'daily' } }, rules: [{ every: 'day' }] } },
  workloads: {
    ...named('member', membersByKind(), (member) => ({ schedule, members: [member] })),
    copied: {
      schedule,
      members: [
        { kind: 'ebs', instance: { tags: { Name: 'copied' } }, volumes: 'data', tier: 2 },
        { kind: 'rds', resource: 'copied' },
        { kind: 'aurora', resource: 'copied' },
      ],
      copyTo: { region, key },
    },
    ...named('hook', hooks, (hook) => ({
      schedule,
      members: [{ kind: 'ebs', instance: { tags: { Name: hook.kind } }, volumes: 'data' }],
      quiesce: { hooks: [hook] },
    })),
  },
};

function membersByKind(): Readonly<Record<string, MemberInput>> {
  const without = memberKinds.filter((kind) => members.every(([known]) => known !== kind));
  if (without.length > 0) throw new Error(`There is no example of ${without.join(', ')} in test/kinds.`);
  return Object.fromEntries(members.map(([kind, { example }]) => [kind, example]));
}

function named<Value>(
  prefix: string,
  kinds: Readonly<Record<string, Value>>,
  workload: (value: Value) => Workload,
): Record<string, Workload> {
  return Object.fromEntries(Object.entries(kinds).map(([kind, value]) => [`${prefix}-${kind}`, workload(value)]));
}

/** Of AWS Backup, and no plan: so the role in which it restores has statements of these types. */
export const everyRestoredType: PolicyInput = {
  version: 1,
  mail: { failures: ['ops@example.com'] },
  workloads: {
    copies: {
      schedule,
      members: [
        { kind: 'aws-backup', resource: 'arn:aws:rds:eu-west-1:111122223333:cluster:catalogue' },
        { kind: 'efs', resource: 'fs-0a1b2c3d4e5f60718', tier: 2 },
        ...[
          'arn:aws:fsx:eu-west-1:111122223333:file-system/fs-0f5a0000',
          'arn:aws:fsx:eu-west-1:111122223333:volume/fs-0f5a1111/fsvol-0a1b2c3d',
          'arn:aws:s3:::orders',
          'arn:aws:storagegateway:eu-west-1:111122223333:gateway/sgw-1A2B3C4D/volume/vol-1122AABB',
        ].map((resource) => ({ kind: 'aws-backup' as const, resource, tier: 2 })),
      ],
    },
  },
};
