/** The single values of a policy: what may be typed, and the sentence when it may not. Imported by deploy-time code only (zod). */
import { z } from 'zod';
import { durationPattern } from './duration.ts';

const pathPattern = /^\/[A-Za-z0-9._/-]+$/;
const mailPattern =
  /^[A-Za-z0-9.!#$%&'*+/=?^_`{|}~-]{1,64}@([A-Za-z0-9]([A-Za-z0-9-]{0,61}[A-Za-z0-9])?\.)+[A-Za-z]{2,63}$/;

/** It becomes part of names, tags and ARNs. */
export const workloadName = z
  .string()
  .regex(
    /^[a-z]([a-z0-9-]{0,30}[a-z0-9])?$/,
    'A workload is named with lower case letters, digits and hyphens, 1 to 32 of them, beginning with a letter and not ending with a hyphen.',
  );

const pathRule =
  'A path on the guest is absolute, of letters, digits and . _ / -, without "..", "//" or a slash at the end.';

const isPlainPath = (path: string) =>
  pathPattern.test(path) &&
  path
    .slice(1)
    .split('/')
    .every((part) => !['', '.', '..'].includes(part));

export const guestPath = z
  .string()
  .max(256, 'A path has at most 256 characters.')
  .refine(isPlainPath, { error: pathRule })
  .meta({ pattern: pathPattern.source, examples: ['/opt/holdfast/quiesce'] });

/** With all below: the system, and what the SSM agent needs to hear the release. */
const systemTrees = [
  '/boot',
  '/usr',
  '/bin',
  '/sbin',
  '/lib',
  '/lib64',
  '/etc',
  '/run',
  '/dev',
  '/proc',
  '/sys',
  '/snap',
];
const agentTrees = ['/var/lib/amazon', '/var/log/amazon', '/var/run', '/var/tmp', '/tmp', '/opt/aws', '/opt/amazon'];
/** Themselves only: a database may well live in a mount below. */
const agentParents = ['/var', '/var/lib', '/var/log', '/opt'];

/** Whether it is neither the system's nor the agent's. */
export const isData = (mount: string) =>
  mount !== '/' &&
  !agentParents.includes(mount) &&
  [...systemTrees, ...agentTrees].every((tree) => mount !== tree && !mount.startsWith(`${tree}/`));

export const mountPoint = z
  .string()
  .max(256, 'A path has at most 256 characters.')
  .superRefine((mount, context) => {
    const neverFrozen =
      'This mount is never frozen: the system or the SSM agent, which must hear the release, writes there.';
    if (mount !== '/' && !isPlainPath(mount)) context.addIssue({ code: 'custom', message: pathRule });
    else if (!isData(mount)) context.addIssue({ code: 'custom', message: neverFrozen });
  })
  .meta({ pattern: pathPattern.source, examples: ['/srv/orders'] });

export const mailAddress = z
  .string()
  .max(254, 'A mail address has at most 254 characters.')
  .regex(mailPattern, 'This is not a single mail address such as ops@example.com (no display name, no list).')
  .meta({ format: 'email', examples: ['ops@example.com'] });

export const duration = z
  .string()
  .regex(durationPattern, 'A duration is a whole number and a unit: 90m, 26h or 2d.')
  .meta({ examples: ['26h', '90m', '2d'] });

export const regionName = z
  .string()
  .regex(/^[a-z]{2,4}(-[a-z]+)+-\d$/, 'A Region is named like eu-central-1.')
  .meta({ examples: ['eu-central-1'] });

/** An alias may be led to another key, under which the next copy of everything would be a full one. */
export const kmsKeyArn = z
  .string()
  .regex(
    /^arn:aws[a-z-]*:kms:[a-z0-9-]+:\d{12}:key\/[A-Za-z0-9-]+$/,
    'A key is named by its ARN, such as arn:aws:kms:eu-central-1:111122223333:key/mrk-0a1b2c3d4e5f60718293a4b5c6d7e8f9 (no alias).',
  )
  .meta({ examples: ['arn:aws:kms:eu-central-1:111122223333:key/mrk-0a1b2c3d4e5f60718293a4b5c6d7e8f9'] });

export const instanceId = z
  .string()
  .regex(/^i-[0-9a-f]{8,17}$/, 'An instance id looks like i-0a1b2c3d4e5f60718.')
  .meta({ examples: ['i-0a1b2c3d4e5f60718'] });

export const device = z
  .string()
  .regex(
    /^\/dev\/(sd[a-z]|xvd[a-z]{1,2}|sda1)$/,
    'A device is named as EC2 shows it on the attachment, such as /dev/sdh or /dev/xvdf (not the /dev/nvme1n1 that the guest sees).',
  )
  .meta({ examples: ['/dev/sdh'] });

/**
 * EC2's limits: https://docs.aws.amazon.com/AWSEC2/latest/UserGuide/Using_Tags.html#tag-restrictions. `*`, `?` and `\` are wildcards
 * in a Describe call's filter, so a value with one would choose more than it says.
 */
export const tags = z
  .record(z.string(), z.string().max(256, 'A tag value has at most 256 characters.'))
  .superRefine((record, context) => {
    const refuse = (message: string, path: string[] = []) => context.addIssue({ code: 'custom', message, path });
    const entries = Object.entries(record);
    if (entries.length === 0) refuse('Name at least one tag: none at all would choose everything.');
    if (entries.length > 50) refuse('A resource has at most 50 tags.');
    for (const [key, value] of entries) {
      if (key.length < 1 || key.length > 128) refuse('A tag key has 1 to 128 characters.', [key]);
      if (/^aws:/i.test(key)) refuse('Tag keys that begin with aws: are reserved.', [key]);
      if (/[*?\\]/.test(key + value)) refuse('EC2 would read *, ? and \\ as wildcards here; write the tag out.', [key]);
    }
  })
  .meta({ examples: [{ Name: 'orders-db' }] });

/** @param what as in "This address" */
export const listWithout = <Item extends z.ZodType>(item: Item, what: string) =>
  z.array(item).superRefine((items, context) => {
    for (const [index, value] of items.entries()) {
      if (items.indexOf(value) < index)
        context.addIssue({ code: 'custom', message: `${what} is listed twice.`, path: [index] });
    }
  });

/** What `refine` takes: that one of these keys has a value, and no other of them. */
export const exactlyOne = (keys: readonly string[]) => (record: object) =>
  Object.entries(record).filter(([key, value]) => keys.includes(key) && value !== undefined).length === 1;

/** https://docs.aws.amazon.com/systems-manager/latest/userguide/sysman-paramstore-su-create.html#sysman-parameter-name-constraints */
export const parameterName = z
  .string()
  .max(1000, 'The name of a parameter has at most 1000 characters.')
  .regex(
    /^(?!\/(?:aws|ssm))(\/[A-Za-z0-9_.-]+){1,15}$/i,
    'An SSM parameter is named as a path such as /orders/cache, of letters, digits and . _ -, and not under /aws or /ssm.',
  );

/** As EC2 and others make them: a prefix and hexadecimal digits. */
export const resourceId = (prefix: string, example: string) =>
  z.string().regex(new RegExp(`^${prefix}-[0-9a-f]{8,17}$`), `It looks like ${example}.`);

export const subnets = listWithout(resourceId('subnet', 'subnet-0a1b2c3d4e5f60718'), 'This subnet').min(
  1,
  'Name at least one subnet.',
);

export const securityGroups = listWithout(resourceId('sg', 'sg-0a1b2c3d4e5f60718'), 'This group').min(
  1,
  'Name at least one security group.',
);
