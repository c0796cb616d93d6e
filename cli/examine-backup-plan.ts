/** What speaks against a plan of AWS Backup, and what it leaves out. */
import { DescribeRegionSettingsCommand } from '@aws-sdk/client-backup';
import type { BackupPlan } from '#domain/backup-plan.ts';
import { backupPlanTypeOf, backupPlanTypes, typesOf } from '#domain/backup-plan-types.ts';
import { reachedBy, vaultOf } from '#flows/look-at-backup-plan.ts';
import { backup } from '#platform/clients/backup.ts';
import { line } from '#providers/ebs/restore/command-line.ts';
import type { Examination } from './doctor.ts';
import type { Finding } from './finding.ts';
import { lackingTags, taggingCommands } from './lacking-tags.ts';

export async function examineBackupPlan(plan: BackupPlan): Promise<Examination> {
  const [reached, lacking, optedIn] = await Promise.all([reachedBy(plan), lackingTags(plan), optedInTypes()]);
  const tags = Object.entries(plan.tags).map(([key, value]) => `${key}=${value}`);
  const findings: Finding[] = [
    ...(vaultOf(plan) === undefined
      ? [{ problem: 'It is not in the deployed policy, so it copies nothing.', fix: 'Deploy it: npx cdk deploy' }]
      : []),
    ...(reached.length === 0
      ? [{ problem: `Nothing of its types carries ${tags.join(' and ')}, so it copies nothing.` }]
      : []),
    ...switchedOff(plan, reached, optedIn),
  ];
  const notes = lacking.map(({ resource, lacks, because }) => {
    const missing = Object.entries(lacks).map(([key, value]) => `${key}=${value}`);
    return `${resource} is not copied: ${because}, and it lacks ${missing.join(' and ')}.`;
  });
  return {
    subject: `plan ${plan.name}`,
    findings,
    ...(lacking.length === 0 ? {} : { notes: [...notes, tagThem], commands: taggingCommands(plan, lacking) }),
  };
}

/** Of each type of resource, as AWS Backup names it, whether it is to be copied in this Region. */
async function optedInTypes(): Promise<Readonly<Record<string, boolean>>> {
  const { ResourceTypeOptInPreference = {} } = await backup().send(new DescribeRegionSettingsCommand({}));
  return ResourceTypeOptInPreference;
}

const tagThem = 'If they are to be copied, tag them:';

/**
 * Types that AWS Backup is told to leave alone. That counts where a plan selects by tags alone, and for clusters always.
 * https://docs.aws.amazon.com/aws-backup/latest/devguide/assigning-resources.html
 */
function switchedOff(
  plan: BackupPlan,
  reached: readonly string[],
  optedIn: Readonly<Record<string, boolean>>,
): readonly Finding[] {
  return typesOf(plan).flatMap((type) => {
    const { names, words, needsOptIn } = backupPlanTypes[type];
    const count = reached.filter((arn) => backupPlanTypeOf(arn) === type).length;
    const off = names.filter((name) => optedIn[name] === false);
    const isHeeded = plan.types === undefined || needsOptIn === true;
    if (off.length === 0 || count === 0 || !isHeeded) return [];
    const of = names.length > 1 ? ` that are of ${off.join(' or ')}` : '';
    const all = JSON.stringify({ ...optedIn, ...Object.fromEntries(off.map((name) => [name, true])) });
    return [
      {
        problem: `AWS Backup is told to leave ${off.join(' and ')} alone in this Region, so of ${count} ${count === 1 ? words[0] : words[1]} it copies none${of}.`,
        fix: 'Change that:',
        command: line('backup update-region-settings', { 'resource-type-opt-in-preference': all }),
      },
    ];
  });
}
