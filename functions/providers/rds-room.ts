/** What an account may have of databases in a Region, and a recovery makes more of. */
import type { MemberKind } from '#domain/member-kinds.ts';
import { accountQuotas } from './rds-account.ts';
import type { Need } from './recovery-room.ts';

/** What they are of, what Service Quotas calls them, and how a person lists them. */
const quotas = {
  DBInstances: { what: 'DB instances', quota: 'DB instances', list: 'aws rds describe-db-instances' },
  DBClusters: { what: 'DB clusters', quota: 'DB clusters', list: 'aws rds describe-db-clusters' },
  AllocatedStorage: {
    what: 'GiB of storage of DB instances',
    quota: 'Total storage for all DB instances',
    list: 'aws rds describe-db-instances',
  },
};

/** @param wanted how many, or how much, a recovery makes. @returns none of what RDS does not tell */
export async function databaseNeeds(
  kind: MemberKind,
  wanted: Partial<Readonly<Record<keyof typeof quotas, number>>>,
): Promise<readonly Need[]> {
  const rooms = await accountQuotas();
  return (['DBInstances', 'DBClusters', 'AllocatedStorage'] as const).flatMap((name) => {
    const [count, room] = [wanted[name], rooms.get(name)];
    if (count === undefined || room === undefined) return [];
    const { what, ...words } = quotas[name];
    return [{ kind, wanted: count, what, room: { ...room, ...words } }];
  });
}
