/** The shape of the policy as people type it; defaults are zod's, so editors show them. Imported by deploy-time code only (zod). */
import { z } from 'zod';
import { backupPlanName, backupPlanShape } from './backup-plan-shape.ts';
import { cleanUpShape } from './clean-up-shape.ts';
import { hookShape } from './hook-shape.ts';
import { memberKinds } from './member-kinds.ts';
import { memberShape } from './member-shape.ts';
import {
  duration,
  exactlyOne,
  guestPath,
  kmsKeyArn,
  listWithout,
  mailAddress,
  regionName,
  workloadName,
} from './policy-fields.ts';

const addresses = listWithout(mailAddress, 'This address').max(10, 'At most 10 addresses.');

const mail = z
  .strictObject({
    failures: addresses.optional().describe('Who is told when something failed, is missing or needs a hand.'),
    reports: addresses.optional().describe('Who gets the daily digest of what went well.'),
  })
  .describe('Mail addresses; each must confirm a subscription once.')
  .meta({ examples: [{ failures: ['ops@example.com'] }] });

const schedule = z
  .strictObject({
    cron: z
      .string()
      .optional()
      .describe('Six fields: minutes hours day-of-month month day-of-week year, as in "0 3 * * ? *".')
      .meta({ examples: ['0 3 * * ? *'] }),
    rate: z
      .string()
      .optional()
      .describe('A whole number and minutes, hours or days, as in "12 hours". The first run begins as it is deployed.')
      .meta({ examples: ['12 hours'] }),
    expression: z
      .string()
      .optional()
      .describe('EventBridge Scheduler’s full spelling: cron(0 3 * * ? *) or rate(12 hours).')
      .meta({ examples: ['cron(0 3 * * ? *)'] }),
    timeZone: z.string().default('UTC').describe('IANA name, such as Europe/London.'),
    startWithin: duration
      .optional()
      .describe(
        'A run that has not begun by then is refused; at least 10m. Default: 2h where hooks hold it still or an image reboots it, else none.',
      ),
  })
  .refine(exactlyOne(['cron', 'rate', 'expression']), { error: 'Give exactly one of cron, rate and expression.' })
  .describe('When runs are due.')
  .meta({ examples: [{ cron: '0 3 * * ? *', timeZone: 'Europe/London' }] });

const quiesce = z
  .strictObject({
    hooks: z
      .array(hookShape)
      .max(10, 'At most 10 hooks.')
      .default([])
      .describe('In order of quiescing; released in the reverse order.'),
    onFailure: z
      .enum(['abort', 'crash-consistent'])
      .default('abort')
      .describe('When quiescing fails: stop the run, or take a crash-consistent point after all.'),
  })
  .describe('How the workload is held still; without it points are crash-consistent.')
  .meta({ examples: [{ hooks: [{ kind: 'filesystem' }] }] });

const windowLength = duration
  .optional()
  .describe(
    'How long the window may last where members take minutes (all kinds but ebs); what is not done by then fails. Default: 60m, or 5m where all of those are continuous, or images without a reboot; at most 8h.',
  );

const retention = z
  .strictObject({
    days: z.int().min(1).max(36_500).default(30).describe('A point is kept at least so long.'),
    minimum: z.int().min(1).max(1000).default(7).describe('So many of the newest points stay, however old.'),
  })
  .meta({ examples: [{ days: 30, minimum: 7 }] });

const copyTo = z
  .strictObject({
    region: regionName.describe('Another Region of the account.'),
    key: kmsKeyArn.describe('ARN of the KMS key there that copies are encrypted with.'),
    retention: retention
      .optional()
      .describe('How long they are kept there, all of a set together. Default: as points.'),
    rpo: duration
      .optional()
      .describe('How old the newest whole copy may get before somebody is told. Default: twice the RPO.'),
  })
  .optional()
  .describe(
    'Where a copy of every point is wanted, too; for workloads of which every member’s kind can be copied: ebs, rds, aurora.',
  )
  .meta({
    examples: [
      {
        region: 'eu-central-1',
        key: 'arn:aws:kms:eu-central-1:111122223333:key/mrk-0a1b2c3d4e5f60718293a4b5c6d7e8f9',
      },
    ],
  });

const objectives = z
  .strictObject({
    rpo: duration
      .optional()
      .describe('How old the newest point may get. Default: the longest time between two runs, and two hours.'),
    rto: duration.default('60m').describe('How long a recovery may take.'),
  })
  .meta({ examples: [{ rpo: '26h', rto: '60m' }] });

const recovery = z
  .strictObject({
    safetySnapshot: z.boolean().default(true).describe('Snapshot the present volumes before they are detached.'),
    keepReplacedDays: z
      .int()
      .min(1)
      .max(365)
      .default(7)
      .describe('So long are replaced volumes and safety snapshots kept.'),
    cleanUp: z
      .array(cleanUpShape)
      .max(10, 'At most 10 clean-ups.')
      .default([])
      .describe('Temporary files that a recovered disk brings back, taken away before the verify script.'),
    verify: guestPath.optional().describe('Script on the guest that exits 0 when the application works.'),
  })
  .meta({ examples: [{ keepReplacedDays: 7, verify: '/opt/holdfast/verify-orders-db' }] });

export const workloadShape = z.strictObject({
  description: z.string().max(500, 'At most 500 characters.').default(''),
  schedule,
  members: z.array(memberShape).min(1, 'Name at least one member.').max(50, 'At most 50 members.'),
  quiesce: quiesce.prefault({}),
  window: windowLength,
  retention: retention.prefault({}),
  copyTo,
  objectives: objectives.prefault({}),
  mail: mail.prefault({}),
  recovery: recovery.prefault({}),
});

const top = {
  version: z.literal(1).describe('Of this format: 1.'),
  mail: mail.prefault({}).describe('Addresses for every workload that names none of its own.'),
  plans: z
    .record(backupPlanName, backupPlanShape)
    // Functions are told their vaults by a variable, and take 4 KB of them.
    .refine((plans) => Object.keys(plans).length <= 30, 'At most 30 plans.')
    .default({})
    .describe('What AWS Backup copies by itself, by tags, without holding anything still.'),
  formerKinds: z
    .array(z.enum(memberKinds))
    .max(memberKinds.length)
    .default([])
    .describe('Kinds that have no member any more, whose old points are to be retired all the same.')
    .meta({ examples: [['rds']] }),
};

/** All but what is in the workloads, so that each can be checked for itself. */
export const envelopeShape = z.strictObject({ ...top, workloads: z.record(z.string(), z.unknown()) });

export const policyShape = z
  .strictObject({ ...top, workloads: z.record(workloadName, workloadShape).describe('What is protected, by name.') })
  .describe('Holdfast policy: what is backed up, when, how it is held still, how long it is kept, who is told.');

/** What a CDK user types: everything that has a default may be left out. */
export type PolicyInput = z.input<typeof policyShape>;
export type WorkloadShape = z.output<typeof workloadShape>;
export type MailShape = z.output<typeof mail>;
