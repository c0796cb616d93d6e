/** The hooks of a policy as people type them, one shape a kind. Imported by deploy-time code only (zod). */
import { z } from 'zod';
import { guestPath, listWithout, mountPoint } from './policy-fields.ts';

const commandHook = z.strictObject({
  kind: z.literal('command'),
  quiesce: guestPath.describe('Script on the guest that makes the application hold still.'),
  release: guestPath.describe('Script on the guest that lets it go on; it must be safe to run twice.'),
  deadlineSeconds: z.int().min(5).max(600).default(60).describe('After so long the guest releases by itself.'),
});

const filesystemHook = z.strictObject({
  kind: z.literal('filesystem'),
  mounts: z
    .union([
      z.literal('auto'),
      listWithout(mountPoint, 'This mount').min(1, 'Name at least one mount.').max(20, 'At most 20 mounts.'),
    ])
    .default('auto')
    .describe('Mount points to freeze; auto: every mounted data file system on an EBS volume, never the root’s.'),
  deadlineSeconds: z.int().min(5).max(60).default(30).describe('After so long the guest thaws by itself.'),
});

/** A new kind is a shape and a place here. */
export const hookShape = z.discriminatedUnion('kind', [commandHook, filesystemHook]);
