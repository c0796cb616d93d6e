import type { MemberKind } from '#domain/member-kinds.ts';

/** Of what an account may have in a Region, whoever made it. */
export interface Room {
  readonly used: number;
  readonly most: number;
  /** As Service Quotas calls it. */
  readonly quota: string;
  /** For a person: the command that lists them. */
  readonly list: string;
}

/** Of all that there may be; a night that finds none is refused, so somebody should know some nights before. */
const nearlyFull = 0.9;

/** One sentence each. */
export type RoomStanding = Readonly<Record<'refusals' | 'notes', readonly string[]>>;

/** Who makes them, where, and what becomes of it without room: as in a sentence. */
const byRun = { where: 'this Region', maker: 'the run', end: 'runs are refused' };

/** What there is to say when not all that a run, or whoever else, would make find room, or these and few others: one sentence, or none. */
export function roomStanding(
  kind: MemberKind,
  wanted: number,
  room: Room,
  { where, maker, end } = byRun,
): RoomStanding {
  const { used, most } = room;
  const told = `${kind}: this account has ${used} of ${most} manual snapshots in ${where}`;
  const full = `${told}, and ${maker} makes ${wanted}, which its service would refuse. ${mendWords(room)}`;
  if (used + wanted > most) return { refusals: [full], notes: [] };
  const soonFull = `${told}; once there are no more, ${end}. ${mendWords(room)}`;
  return { refusals: [], notes: used + wanted > nearlyFull * most ? [soonFull] : [] };
}

/** What a person can do about it. */
export const mendWords = ({ quota, list }: Pick<Room, 'quota' | 'list'>) =>
  `Delete some (${list}), or have the quota “${quota}” raised.`;
