import { z } from 'zod';
import { cleanUpFields, namesSomething } from '../../clean-up-shape.ts';
import { guestPath, listWithout, parameterName } from '../../policy-fields.ts';
import { instance, tier } from '../member-fields.ts';

/** Paths are those of the file system itself, wherever it is mounted. */
const cleanUp = z
  .strictObject({
    roots: listWithout(guestPath, 'This folder')
      .min(1, 'Name at least one folder.')
      .max(20, 'At most 20 folders.')
      .default(['/'])
      .describe('Folders of the file system to clean up. Default: all of it.'),
    files: cleanUpFields.files,
    folders: cleanUpFields.folders,
  })
  .refine(...namesSomething);

export const shape = z.strictObject({
  kind: z.literal('efs'),
  resource: z
    .string()
    .regex(/^fs-[0-9a-f]{8,40}$/, 'It is named fs- and hexadecimal digits, as fs-0a1b2c3d4e5f60718.')
    .describe('Id of the file system.')
    .meta({ examples: ['fs-0a1b2c3d4e5f60718'] }),
  parameter: parameterName.optional().describe('SSM parameter in which applications find the id of the file system.'),
  restoreInto: z
    .literal('present')
    .optional()
    .describe(
      'Where a recovery puts the files: into a folder of the present file system, beside those of now. Default: into a new file system.',
    ),
  promoteOn: instance
    .optional()
    .describe(
      'Linux instance with an SSM agent that reaches the mount targets: in a recovery it moves the restored files to their place. Default: one of the workload’s own.',
    ),
  cleanUp: cleanUp
    .optional()
    .describe(
      'Temporary files that a copy brings back: in a recovery that instance deletes them before anybody is led to the new file system.',
    ),
  tier,
});
