/** Whether an account has room for all that a recovery makes beside what is there: a service would refuse it half-way. */
import type { MemberKind } from '#domain/member-kinds.ts';
import { mendWords, type Room } from './snapshot-room.ts';

/** Of what an account may have only so many, or so much. Kinds that share a quota need it together. */
export interface Need {
  readonly kind: MemberKind;
  readonly wanted: number;
  readonly room: Room;
  /** What it is of: `DB instances`. */
  readonly what: string;
}

/** @returns one sentence a quota that has no room for all */
export const needRefusals = (needs: readonly Need[]): readonly string[] =>
  [...Map.groupBy(needs, ({ room }) => room.quota).values()].flatMap(refusalOf);

function refusalOf(needs: readonly Need[]): readonly string[] {
  const [first] = needs;
  const wanted = needs.reduce((sum, need) => sum + need.wanted, 0);
  if (first === undefined || first.room.used + wanted <= first.room.most) return [];
  const { what, room } = first;
  const kinds = needs.map(({ kind }) => kind).join(' and ');
  return [
    `${kinds}: this account has ${room.used} of ${room.most} ${what} in this Region, and the recovery makes ${wanted} beside them, which the service would refuse. ${mendWords(room)}`,
  ];
}
