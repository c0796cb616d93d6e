import { describe, expect, it } from 'vitest';
import type { z } from 'zod';
import {
  device,
  guestPath,
  instanceId,
  isData,
  kmsKeyArn,
  listWithout,
  mailAddress,
  mountPoint,
  parameterName,
  regionName,
  resourceId,
  securityGroups,
  subnets,
  tags,
  workloadName,
} from './policy-fields.ts';

/** What is told of a value, with its path. */
const told = (field: z.ZodType, value: unknown) =>
  (field.safeParse(value).error?.issues ?? []).map(({ path, message }) => [...path, message].join(': '));
const long = (length: number) => 'x'.repeat(length);

describe('a value that may be typed', () => {
  it.each<readonly [string, z.ZodType, readonly string[]]>([
    ['the name of a workload', workloadName, ['a', 'a1', 'a-b', long(32)]],
    ['a path on the guest', guestPath, ['/a', '/opt/hold_fast-1/quiesce.sh', '/..a/b..', `/${long(255)}`]],
    ['a mount', mountPoint, ['/data', '/var/lib/mysql', `/${long(255)}`]],
    [
      'a mail address',
      mailAddress,
      [
        'ops@example.com',
        "a.b+c!#$%&'*/=?^_`{|}~-@example.com",
        `${long(64)}@a-b.example.museum`,
        `o@${long(63)}.com`,
        `o@example.${long(63)}`,
      ],
    ],
    ['a Region', regionName, ['eu-central-1', 'us-gov-west-1', 'ap-southeast-5']],
    [
      'a key',
      kmsKeyArn,
      ['arn:aws:kms:eu-central-1:111122223333:key/mrk-0a', 'arn:aws-us-gov:kms:us-gov-west-1:111122223333:key/A-1'],
    ],
    ['an instance', instanceId, ['i-0a1b2c3d', 'i-0a1b2c3d4e5f60718']],
    ['a device', device, ['/dev/sda', '/dev/sdz', '/dev/sda1', '/dev/xvdf', '/dev/xvdba']],
    [
      'a parameter',
      parameterName,
      ['/orders', '/orders/cache_1.a-b', '/a'.repeat(15), '/orders/aws/ssm', '/xaws', `/${long(999)}`],
    ],
    ['a resource', resourceId('sg', 'sg-1'), ['sg-0a1b2c3d', 'sg-0a1b2c3d4e5f60718']],
  ])('is %s', (_, field, values) => {
    for (const value of values) expect({ value, told: told(field, value) }).toEqual({ value, told: [] });
  });
});

describe('a value that may not', () => {
  const words = {
    name: 'A workload is named with lower case letters, digits and hyphens, 1 to 32 of them, beginning with a letter and not ending with a hyphen.',
    path: 'A path on the guest is absolute, of letters, digits and . _ / -, without "..", "//" or a slash at the end.',
    tooLong: 'A path has at most 256 characters.',
    frozen: 'This mount is never frozen: the system or the SSM agent, which must hear the release, writes there.',
    mail: 'This is not a single mail address such as ops@example.com (no display name, no list).',
    region: 'A Region is named like eu-central-1.',
    key: 'A key is named by its ARN, such as arn:aws:kms:eu-central-1:111122223333:key/mrk-0a1b2c3d4e5f60718293a4b5c6d7e8f9 (no alias).',
    instance: 'An instance id looks like i-0a1b2c3d4e5f60718.',
    device:
      'A device is named as EC2 shows it on the attachment, such as /dev/sdh or /dev/xvdf (not the /dev/nvme1n1 that the guest sees).',
    parameter:
      'An SSM parameter is named as a path such as /orders/cache, of letters, digits and . _ -, and not under /aws or /ssm.',
  };
  const keyOf = (tail: string) => `arn:aws:kms:eu-central-1:111122223333:${tail}`;

  it.each<readonly [string, z.ZodType, string, readonly string[]]>([
    ['the name of a workload', workloadName, words.name, ['', 'A', '1a', 'a-', '-a', 'a_b', 'a b', long(33)]],
    ['a path on the guest', guestPath, words.path, ['a', 'x/a', '/', '/a/', '//a', '/a/../b', '/./a', '/a b', '/a\n']],
    ['a long path', guestPath, words.tooLong, [`/${long(256)}`]],
    ['a mount', mountPoint, words.path, ['data', '/data/', '/data/../etc', '/da ta', '/data ']],
    ['a long mount', mountPoint, words.tooLong, [`/${long(256)}`]],
    ['a mount of the system', mountPoint, words.frozen, ['/', '/var', '/opt/aws/x']],
    [
      'a mail address',
      mailAddress,
      words.mail,
      [
        '@example.com',
        'ops',
        'ops@example',
        'ops@example.c',
        'ops@-a.example.com',
        'ops@a-.example.com',
        'ops@example..com',
        'ops@example.com, a@example.com',
        ' ops@example.com',
        'ops@example.com ',
        'o ps@example.com',
        `${long(65)}@example.com`,
        `o@${long(64)}.com`,
        'ops@example.c0m',
      ],
    ],
    ['a Region', regionName, words.region, ['eu-central', 'eu-central-1a', 'xeucen-central-1', 'e-central-1', 'eu-1']],
    [
      'a key',
      kmsKeyArn,
      words.key,
      [
        'mrk-0a',
        keyOf('alias/a'),
        keyOf('key/'),
        keyOf('key/a b'),
        `x${keyOf('key/a')}`,
        keyOf('key/a').replace('111122223333', '1111'),
      ],
    ],
    ['an instance', instanceId, words.instance, ['i-0a1b2c3', 'i-0a1b2c3d4e5f607180', 'i-0A1B2C3D', 'xi-0a1b2c3d']],
    ['a device', device, words.device, ['/dev/nvme1n1', '/dev/sdaa', '/dev/sdb1', 'x/dev/sda', '/dev/xvdabc', 'sdh']],
    [
      'a parameter',
      parameterName,
      words.parameter,
      ['orders', '/aws/x', '/SSM/x', '/awsome', '/a b', '/', '/a/', 'x/a', '/a'.repeat(16)],
    ],
    [
      'a resource',
      resourceId('sg', 'sg-1'),
      'It looks like sg-1.',
      ['sg-0a1b2c3', 'sg-0a1b2c3d4e5f607180', 'xsg-0a1b2c3d'],
    ],
  ])('is no %s, and is told', (_, field, sentence, values) => {
    for (const value of values) expect({ value, told: told(field, value) }).toEqual({ value, told: [sentence] });
  });

  it('is a mail address or the name of a parameter that is too long', () => {
    const domain = [long(60), long(60), long(63), 'com'].join('.');
    expect(told(mailAddress, `${long(64)}@${domain}`)).toEqual([]);
    expect(told(mailAddress, `${long(64)}@x${domain}`)).toEqual(['A mail address has at most 254 characters.']);
    expect(told(parameterName, `/${long(1000)}`)).toEqual(['The name of a parameter has at most 1000 characters.']);
  });

  it('is a list with one thing twice, told at each that was there before', () => {
    const items = listWithout(instanceId, 'This instance');
    const [one, other] = ['i-0a1b2c3d', 'i-0a1b2c3e'];
    expect(told(items, [one, other])).toEqual([]);
    expect(told(items, [one, other, one, one])).toEqual([
      '2: This instance is listed twice.',
      '3: This instance is listed twice.',
    ]);
  });

  it('is a list of subnets or groups without any', () => {
    expect(told(subnets, [])).toEqual(['Name at least one subnet.']);
    expect(told(subnets, ['sg-0a1b2c3d'])).toEqual(['0: It looks like subnet-0a1b2c3d4e5f60718.']);
    expect(told(subnets, ['subnet-0a1b2c3d', 'subnet-0a1b2c3d'])).toEqual(['1: This subnet is listed twice.']);
    expect(told(securityGroups, [])).toEqual(['Name at least one security group.']);
    expect(told(securityGroups, ['subnet-0a1b2c3d'])).toEqual(['0: It looks like sg-0a1b2c3d4e5f60718.']);
    expect(told(securityGroups, ['sg-0a1b2c3d', 'sg-0a1b2c3d'])).toEqual(['1: This group is listed twice.']);
  });
});

describe('data', () => {
  it.each([
    ...['/boot', '/usr', '/bin', '/sbin', '/lib', '/lib64', '/etc', '/run', '/dev', '/proc', '/sys', '/snap'],
    ...['/var/lib/amazon', '/var/log/amazon', '/var/run', '/var/tmp', '/tmp', '/opt/aws', '/opt/amazon'],
  ])('is not %s, nor what is below; what only begins with the same letters is', (tree) => {
    expect([isData(tree), isData(`${tree}/x`), isData(`${tree}x/x`)]).toEqual([false, false, true]);
  });

  it.each(['/var', '/var/lib', '/var/log', '/opt'])('is not %s itself, but what is below', (parent) => {
    expect([isData(parent), isData(`${parent}/x`)]).toEqual([false, true]);
  });

  it('is not the root', () => expect(isData('/')).toBe(false));
});

describe('tags', () => {
  const many = (count: number) => Object.fromEntries(Array.from({ length: count }, (_, index) => [`k${index}`, 'v']));

  it.each([[{ Name: 'db' }], [{ [long(128)]: long(256) }], [{ 'x:aws:': '' }], [{ Name: 'a/b+c=d @ e' }], [many(50)]])(
    'may be %j',
    (record) => expect(told(tags, record)).toEqual([]),
  );

  it.each<readonly [object, string]>([
    [{}, 'Name at least one tag: none at all would choose everything.'],
    [many(51), 'A resource has at most 50 tags.'],
    [{ '': 'a' }, ': A tag key has 1 to 128 characters.'],
    [{ [long(129)]: 'a' }, `${long(129)}: A tag key has 1 to 128 characters.`],
    [{ a: long(257) }, 'a: A tag value has at most 256 characters.'],
    [{ 'aws:x': 'a' }, 'aws:x: Tag keys that begin with aws: are reserved.'],
    [{ 'AWS:x': 'a' }, 'AWS:x: Tag keys that begin with aws: are reserved.'],
    ...[{ a: '*' }, { a: 'x?' }, { a: '\\x' }, { 'a*': 'x' }].map(
      (record) =>
        [
          record,
          `${Object.keys(record).join()}: EC2 would read *, ? and \\ as wildcards here; write the tag out.`,
        ] as const,
    ),
  ])('may not be %j', (record, sentence) => expect(told(tags, record)).toEqual([sentence]));
});
