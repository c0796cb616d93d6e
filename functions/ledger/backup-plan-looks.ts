/** What is remembered of each plan of AWS Backup from one look at it to the next. */
import { change, read } from './table.ts';

export interface BackupPlanLook {
  /**
   * When what the plan reaches was first seen, in minutes since 1970, by a mark of its ARN (`markOf`): of ARNs themselves the record would have
   * room for a few thousand. https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/Constraints.html
   */
  readonly seen: Readonly<Record<string, number>>;
  /** Since when the plan has reached nothing, ISO; absent: it reaches something. */
  readonly emptySince?: string;
  /** Ids of the jobs that have been told of and are still listed. */
  readonly told: readonly string[];
}

const key = (plan: string) => ({ pk: `plan#${plan}`, sk: 'watch' });

export const readBackupPlanLook = async (plan: string): Promise<BackupPlanLook | undefined> =>
  (await read<BackupPlanLook>(key(plan)))?.record;

export const writeBackupPlanLook = (plan: string, look: BackupPlanLook) =>
  change<BackupPlanLook>(key(plan), () => look);
