/** What RDS tells of an account and of maintenance, in the words that instances and Aurora clusters have in common. */
import {
  type DBEngineVersion,
  DescribeAccountAttributesCommand,
  DescribeDBEngineVersionsCommand,
  DescribePendingMaintenanceActionsCommand,
  type PendingMaintenanceAction,
} from '@aws-sdk/client-rds';
import { rds } from '#platform/clients/rds.ts';
import type { Room } from './snapshot-room.ts';

/**
 * By default 100 manual snapshots, where those of AWS Backup do not count, and as many of clusters (`ManualSnapshots`, `ManualClusterSnapshots`), 40 instances,
 * those of clusters included (`DBInstances`), with 100,000 GiB (`AllocatedStorage`), and 40 clusters (`DBClusters`). All can be raised.
 * https://docs.aws.amazon.com/AmazonRDS/latest/APIReference/API_AccountQuota.html
 * @param client of the Region
 * @returns by name; without what RDS does not tell
 */
export async function accountQuotas(client = rds()): Promise<ReadonlyMap<string, Pick<Room, 'used' | 'most'>>> {
  const { AccountQuotas = [] } = await client.send(new DescribeAccountAttributesCommand({}));
  return new Map(
    AccountQuotas.flatMap(({ AccountQuotaName: name, Used: used, Max: most }) =>
      name === undefined || used === undefined || most === undefined ? [] : [[name, { used, most }]],
    ),
  );
}

/** @returns undefined when RDS does not tell */
export async function snapshotRoom(
  name: string,
  words: Omit<Room, 'used' | 'most'>,
  client = rds(),
): Promise<Room | undefined> {
  const quota = (await accountQuotas(client)).get(name);
  return quota && { ...quota, ...words };
}

/**
 * Changes that wait for a maintenance window, or were asked for at once.
 * https://docs.aws.amazon.com/AmazonRDS/latest/APIReference/API_DescribePendingMaintenanceActions.html
 */
export async function pendingMaintenance(resourceArn: string | undefined): Promise<readonly string[]> {
  const command = new DescribePendingMaintenanceActionsCommand({ ResourceIdentifier: resourceArn });
  const { PendingMaintenanceActions = [] } = await rds().send(command);
  return PendingMaintenanceActions.flatMap(({ PendingMaintenanceActionDetails = [] }) =>
    PendingMaintenanceActionDetails.flatMap(wordsOf),
  );
}

/** Without a date it is not done until somebody asks for it. */
const wordsOf = ({ Action = 'an action', CurrentApplyDate }: PendingMaintenanceAction): readonly string[] =>
  CurrentApplyDate === undefined ? [] : [`${Action} on ${CurrentApplyDate.toISOString()}`];

export interface Running {
  /** As in `rds orders`. */
  readonly words: string;
  readonly engine: string | undefined;
  readonly version: string | undefined;
  /** For a person: the command that moves it, to which a version is added. */
  readonly upgrade: string;
}

/**
 * What a recovery would be made of, as far as this Region still has it.
 * https://docs.aws.amazon.com/AmazonRDS/latest/APIReference/API_DescribeDBEngineVersions.html
 * @returns one sentence when the engine's version is not offered any more
 */
export async function versionNotes({ words, engine, version, upgrade }: Running): Promise<readonly string[]> {
  const command = new DescribeDBEngineVersionsCommand({ Engine: engine, EngineVersion: version, IncludeAll: true });
  const { DBEngineVersions: [found] = [] } = await rds().send(command);
  if (found?.Status === 'available') return [];
  const next = nextOf(found);
  return [
    `${words} runs ${engine} ${version}, which RDS does not offer any more in this Region: a recovery may come up with a later one, or be refused. Move it while it is well: ${upgrade} --engine-version ${next ?? '<version>'}`,
  ];
}

/** The nearest, which changes least. */
const nextOf = (found: DBEngineVersion | undefined): string | undefined =>
  found?.ValidUpgradeTarget?.find(({ EngineVersion }) => EngineVersion !== undefined)?.EngineVersion;
