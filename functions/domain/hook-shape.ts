/** The hooks of a policy as people type them, one shape a kind. Imported by deploy-time code only (zod). */
import { z } from 'zod';
import { cleanUpFields, namesSomething } from './clean-up-shape.ts';
import { guestPath, listWithout, mountPoint } from './policy-fields.ts';
import { systemdUnit } from './policy-guest-fields.ts';

const commandHook = z.strictObject({
  kind: z.literal('command'),
  quiesce: guestPath.describe('Script on the guest that makes the application hold still.'),
  release: guestPath.describe('Script on the guest that lets it go on; it must be safe to run twice.'),
  deadlineSeconds: z.int().min(5).max(28_800).default(60).describe('After so long the guest releases by itself.'),
});

const filesystemHook = z.strictObject({
  kind: z.literal('filesystem'),
  mounts: z
    .union([
      z.literal('auto'),
      listWithout(mountPoint, 'This mount').min(1, 'Name at least one mount.').max(20, 'At most 20 mounts.'),
    ])
    .default('auto')
    .describe('Mount points to freeze; auto: every mounted data file system on the member’s volumes, never the root’s.')
    .meta({ examples: [['/srv/orders']] }),
  deadlineSeconds: z.int().min(5).max(60).default(30).describe('After so long the guest thaws by itself.'),
});

const deadline = (most: number, standard: number) =>
  z.int().min(5).max(most).default(standard).describe('After so long the guest lets go by itself.');

const port = z.int().min(1).max(65_535);

const postgresqlHook = z.strictObject({
  kind: z.literal('postgresql'),
  port: port.default(5432).describe('Of the server; also names its socket.'),
  socket: guestPath.optional().describe('Folder of the server’s socket on the guest. Default: psql’s own.'),
  mode: z
    .enum(['auto', 'freeze', 'backup-mode'])
    .default('auto')
    .describe(
      'Freeze its file systems, or backup mode. auto: freeze where all of them can be frozen, else backup mode.',
    ),
  deadlineSeconds: deadline(60, 30),
});

const mysqlHook = z.strictObject({
  kind: z.literal('mysql'),
  socket: guestPath.optional().describe('The server’s socket on the guest. Default: the client’s own.'),
  patienceSeconds: z
    .int()
    .min(1)
    .max(30)
    .default(10)
    .describe(
      'So long it waits for statements under way, and others behind its locks; then it gives up. None is killed.',
    ),
  deadlineSeconds: deadline(60, 30),
});

const redisHook = z
  .strictObject({
    kind: z.literal('redis'),
    port: port.optional().describe('Of the server, on the guest itself. Default: 6379, when no socket is given.'),
    socket: guestPath.optional().describe('The server’s socket on the guest, instead of a port.'),
    passwordFile: guestPath
      .optional()
      .describe('File on the guest that root alone can read, with the password as its first line.'),
    deadlineSeconds: deadline(600, 120),
  })
  .refine(({ port, socket }) => port === undefined || socket === undefined, {
    error: 'Give a port or a socket, not both.',
  });

const servicesHook = z.strictObject({
  kind: z.literal('services'),
  units: listWithout(systemdUnit, 'This unit')
    .min(1, 'Name at least one unit.')
    .max(20, 'At most 20 units.')
    .describe(
      'systemd units in the order of stopping; those that were running are started again in the reverse order.',
    ),
  deadlineSeconds: z.int().min(5).max(28_800).default(300).describe('After so long the guest starts them by itself.'),
});

const cleanUpHook = z
  .strictObject({
    kind: z.literal('clean-up'),
    ...cleanUpFields,
    deadlineSeconds: z
      .int()
      .min(5)
      .max(600)
      .default(300)
      .describe('Cleaning up, and all that is held after it, may take so long.'),
  })
  .refine(...namesSomething);

const windowsVssHook = z.strictObject({
  kind: z.literal('windows-vss'),
  copyOnly: z
    .boolean()
    .default(false)
    .describe('Copy-only backups, which leave SQL Server’s own chain of differential backups as it is.'),
  noWriters: z
    .boolean()
    .default(false)
    .describe('Leave the applications’ VSS writers out; the point is crash-consistent then.'),
  deadlineSeconds: z
    .int()
    .min(30)
    .max(300)
    .default(120)
    .describe('So long may AWSEC2-CreateVssSnapshot take; VSS itself holds for 10 s at most.'),
});

/** https://docs.aws.amazon.com/lambda/latest/api/API_Invoke.html */
const functionName = z
  .string()
  .regex(
    /^[A-Za-z0-9_-]{1,64}(:[A-Za-z0-9_-]{1,128})?$/,
    'A function of this account and Region is named by letters, digits, - and _, and an alias after a colon.',
  );

const lambdaHook = z.strictObject({
  kind: z.literal('lambda'),
  function: functionName.describe(
    'Your function, asked with { action: quiesce | release | check, run, deadlineSeconds }; answers { held: true or false } at once.',
  ),
  deadlineSeconds: z
    .int()
    .min(5)
    .max(28_800)
    .default(300)
    .describe('After so long the function must resume by itself.'),
});

/** https://docs.aws.amazon.com/AmazonECS/latest/APIReference/API_CreateService.html */
const ecsName = z
  .string()
  .regex(
    /^[A-Za-z0-9_-]{1,255}$/,
    'Clusters and services of ECS are named by letters, digits, - and _, without an ARN.',
  );

const ecsServiceHook = z.strictObject({
  kind: z.literal('ecs-service'),
  cluster: ecsName.describe('Name of its cluster, in this account and Region.'),
  service: ecsName.describe(
    'Name of the service: its desired count is 0 while the workload is held still, and then what it was before.',
  ),
  deadlineSeconds: z
    .int()
    .min(60)
    .max(28_800)
    .default(600)
    .describe('So long may its tasks take to stop, and the service be without any; nothing in ECS ends it.'),
});

/** A new kind is a shape and a place here. */
export const hookShape = z.discriminatedUnion('kind', [
  commandHook,
  filesystemHook,
  postgresqlHook,
  mysqlHook,
  redisHook,
  servicesHook,
  cleanUpHook,
  ecsServiceHook,
  lambdaHook,
  windowsVssHook,
]);
