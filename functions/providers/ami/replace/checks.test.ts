import type { Address, Instance } from '@aws-sdk/client-ec2';
import { describe, expect, it } from 'vitest';
import type { InstanceFacts } from '../../ebs/restore/facts.ts';
import { groupWarnings, replaceRefusals } from './checks.ts';

const publicIp = '203.0.113.7';
const primary = '10.0.0.10';
const owned: Address = { PublicIp: publicIp, AllocationId: 'eipalloc-1', PrivateIpAddress: primary };
const facts = (instance: Partial<Instance> = {}, changes: Partial<InstanceFacts> = {}): InstanceFacts => ({
  instance: { InstanceId: 'i-old', State: { Name: 'running' }, PrivateIpAddress: primary, ...instance },
  ...{ volumes: [], attached: [], isStopProtected: false },
  ...changes,
});
const refusals = (instance: Partial<Instance>, addresses: readonly Address[] = []) =>
  replaceRefusals(facts(instance), addresses, {}).join('\n');
const association = (IpOwnerId: string, PublicIp = publicIp) => ({ Association: { PublicIp, IpOwnerId } });

describe('an instance', () => {
  it('with an address of its own account, or of AWS’s pool, can be replaced', () => {
    const shown = { ...association('111122223333'), PrivateIpAddresses: [association('111122223333')] };
    expect(refusals({ NetworkInterfaces: [shown] }, [owned])).toBe('');
    expect(refusals({ NetworkInterfaces: [association('amazon', '198.51.100.1')] })).toBe('');
  });

  it.each([
    ['of another account’s address', { NetworkInterfaces: [association('999988887777')] }, 'account 999988887777'],
    ['of several interfaces', { NetworkInterfaces: [{}, {}] }, 'has 2 network interfaces'],
    ['of an instance-store root', { RootDeviceType: 'instance-store' as const }, 'an instance-store root'],
    ['that is Spot', { InstanceLifecycle: 'spot' as const }, 'a spot instance'],
    [
      'that is hibernated',
      { State: { Name: 'stopped' as const }, StateReason: { Code: 'Client.UserInitiatedHibernate' } },
      'is hibernated',
    ],
    ['between states', { State: { Name: 'stopping' as const } }, 'wait until'],
  ])('%s is refused', (_, instance, words) => {
    expect(refusals(instance)).toContain(words);
  });

  it('with an address on a secondary one of its own is refused', () => {
    expect(refusals({}, [{ ...owned, PrivateIpAddress: '10.0.0.11' }])).toContain('a secondary address of i-old');
  });

  it('is refused for every reason at once', () => {
    const instance = { NetworkInterfaces: [association('999988887777'), {}], InstanceLifecycle: 'spot' as const };
    const found = replaceRefusals(facts(instance, { isStopProtected: true }), [], { withheldProfile: 'arn:box' });
    expect(found).toHaveLength(5);
  });
});

describe('security groups', () => {
  const groups = (...ids: readonly string[]) => ({ SecurityGroups: ids.map((GroupId) => ({ GroupId })) });
  const settings = { instanceId: 'i-old', launch: { SecurityGroupIds: ['sg-2', 'sg-1'] } };

  it('as they were are not worth a word, in whatever order', () => {
    expect(groupWarnings(groups('sg-1', 'sg-2'), settings)).toEqual([]);
  });

  it('that have changed since are told, with the command that gives them', () => {
    expect(groupWarnings(groups('sg-3'), settings).join()).toContain(
      `aws ec2 modify-instance-attribute --instance-id '<new instance>' --groups sg-3`,
    );
  });
});
