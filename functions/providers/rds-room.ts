/** Whether an account has room for the databases that a recovery makes beside those that are there: RDS would refuse them half-way. */
import type { MemberKind } from '#domain/member-kinds.ts';
import { accountRoom } from './rds-account.ts';
import { mendWords } from './snapshot-room.ts';

/** As Service Quotas calls them, and how a person lists them. */
const quotas = {
  DBInstances: { quota: 'DB instances', list: 'aws rds describe-db-instances' },
  DBClusters: { quota: 'DB clusters', list: 'aws rds describe-db-clusters' },
};

/** @param wanted how many a recovery makes. @returns one sentence where there is no room for them */
export async function databaseRefusals(
  kind: MemberKind,
  name: keyof typeof quotas,
  wanted: number,
): Promise<readonly string[]> {
  const room = await accountRoom(name, quotas[name]);
  if (room === undefined || room.used + wanted <= room.most) return [];
  const { used, most, quota } = room;
  return [
    `${kind}: this account has ${used} of ${most} ${quota} in this Region, and the recovery makes ${wanted} beside them, which RDS would refuse. ${mendWords(room)}`,
  ];
}
