import { describe, expect, it } from 'vitest';
import type { PolicyInput } from './policy-schema.ts';
import { parsePolicy } from './policy-schema.ts';

type WorkloadInput = PolicyInput['workloads'][string];

const member = { kind: 'ebs', instance: { id: 'i-0a1b2c3d4e5f60718' }, volumes: 'data' } as const;
const other = { ...member, instance: { id: 'i-0a1b2c3d4e5f60719' } };
const vss = { kind: 'windows-vss' } as const;

function parsed(changes: Partial<WorkloadInput>) {
  const schedule = { cron: '0 3 * * ? *' };
  const workload = { schedule, members: [member], quiesce: { hooks: [vss] }, ...changes };
  return parsePolicy({ version: 1, mail: { failures: ['ops@example.com'] }, workloads: { files: workload } });
}

function mistakesOf(changes: Partial<WorkloadInput>): readonly string[] {
  const outcome = parsed(changes);
  return 'mistakes' in outcome ? outcome.mistakes.map(({ path, message }) => `${path.join('.')}: ${message}`) : [];
}

describe('windows-vss', () => {
  it('comes with the defaults of AWS’s document', () => {
    const outcome = parsed({});
    expect('policy' in outcome && outcome.policy.workloads[0]?.hooks).toEqual([
      { kind: 'windows-vss', copyOnly: false, noWriters: false, deadlineSeconds: 120 },
    ]);
  });
  it('takes all volumes, or all but the root', () => {
    expect(mistakesOf({ members: [{ ...member, volumes: 'all' }] })).toEqual([]);
    expect(mistakesOf({ members: [{ ...member, volumes: { devices: ['/dev/sdf'] } }] })).toEqual([
      expect.stringMatching(/^workloads.files.members.0.volumes: windows-vss takes all volumes .* give all or data/),
    ]);
    expect(mistakesOf({ members: [{ ...member, volumes: { tags: { backup: 'yes' } } }] })).toHaveLength(1);
  });
  it('stands alone, whichever comes first', () => {
    const filesystem = { kind: 'filesystem' } as const;
    const alone = [expect.stringMatching(/^workloads.files.quiesce.hooks: .* must be the only hook/)];
    expect(mistakesOf({ quiesce: { hooks: [vss, filesystem] } })).toEqual(alone);
    expect(mistakesOf({ quiesce: { hooks: [vss, vss] } })).toEqual(alone);
  });
  it('takes its instances in one tier', () => {
    expect(mistakesOf({ members: [member, other] })).toEqual([]);
    expect(mistakesOf({ members: [member, { ...other, tier: 2 }] })).toEqual([
      expect.stringMatching(/^workloads.files.members.1.tier: .* one tier/),
    ]);
  });
  it('goes without what a recovery runs on Linux guests', () => {
    expect(mistakesOf({ recovery: { cleanUp: [{ roots: ['/srv'], files: ['TEMP.*'] }] } })).toEqual([
      expect.stringMatching(/^workloads.files.recovery.cleanUp: .* leave it out/),
    ]);
    expect(mistakesOf({ recovery: { verify: '/opt/holdfast/verify' } })).toEqual([
      expect.stringMatching(/^workloads.files.recovery.verify: .* leave it out/),
    ]);
  });
});
