/** When even the way back failed: what is where, and the commands that finish it, for a person. */
import type { ApplicationState } from '#domain/application-state.ts';
import type { Leftovers } from '../restorer.ts';
import { look } from './look.ts';
import { renameLine } from './plan.ts';
import { type ReplacementDetail, takesName } from './replacement-detail.ts';
import type { ReplacementService } from './replacement-service.ts';
import { nameOf, signLine } from './signpost.ts';
import type { Seen } from './swap-decisions.ts';

/** The commands stand in the order in which they must be run. Never throws: without AWS it tells what the ledger knows. */
export async function leftovers(service: ReplacementService, detail: ReplacementDetail): Promise<Leftovers> {
  const seen = await look(service, detail).catch(() => undefined);
  const back = wayBack(service, detail, seen);
  const isAnyComing = seen?.name?.becomes !== undefined || seen?.madeAs?.becomes !== undefined;
  const first = isAnyComing ? 'once they have the names that they are about to have, ' : '';
  return {
    application: stateOf(service, detail, seen),
    lines: [
      ...whatIsWhere(service, detail, seen),
      ...(back.length === 0
        ? []
        : [`To bring it back as it was, ${first}run these, and wait after each until it is available:`, ...back]),
    ],
  };
}

function whatIsWhere(
  { kind }: ReplacementService,
  detail: ReplacementDetail,
  seen: Seen | undefined,
): readonly string[] {
  const { name, madeAs, keptAs, handOver } = detail;
  if (seen === undefined) return [`AWS could not be asked which ${kind} are called ${name}, ${madeAs} and ${keptAs}.`];
  const places = new Map([
    [name, seen.name],
    [madeAs, seen.madeAs],
    [keptAs, seen.keptAs],
  ]);
  return [
    ...[...places].map(([as, resource]) =>
      resource === undefined
        ? `${kind} ${as}: there is none.`
        : `${kind} ${as} is ${resource.id}, ${resource.words}${roleOf(detail, resource.id)}.`,
    ),
    ...(handOver === undefined
      ? []
      : [`${nameOf(handOver)} says ${seen.sign?.says}; it said ${handOver.before} before.`]),
  ];
}

const roleOf = ({ originalId, restoredId }: ReplacementDetail, id: string): string =>
  id === originalId ? ' (the original)' : id === restoredId ? ' (made by the recovery)' : '';

function wayBack(
  { lines, rename }: ReplacementService,
  detail: ReplacementDetail,
  seen: Seen | undefined,
): readonly string[] {
  const { name, madeAs, keptAs, originalId, handOver } = detail;
  if (lines.setAside !== undefined && seen?.madeAs?.state === 'ready') return [lines.setAside(seen.madeAs.id)];
  if (handOver !== undefined) {
    return seen?.sign?.says === handOver.before ? [] : [signLine(handOver, handOver.before)];
  }
  const isOriginals = seen?.name?.id === originalId;
  const isComing = seen?.madeAs?.becomes === name;
  if (rename === undefined || (isOriginals && seen?.name?.becomes === undefined && !isComing)) return [];
  const isAnothers = (seen?.name !== undefined && !isOriginals) || isComing;
  return [
    ...(isAnothers ? [renameLine(lines, name, madeAs)] : []),
    ...(originalId === undefined ? [] : [renameLine(lines, keptAs, name)]),
  ];
}

function stateOf(service: ReplacementService, detail: ReplacementDetail, seen: Seen | undefined): ApplicationState {
  if (seen === undefined) return 'unknown';
  const { originalId, restoredId, handOver } = detail;
  if (!takesName(service, detail)) {
    return handOver !== undefined && seen.sign?.says !== handOver.before ? 'runs-on-restored' : 'runs-on-originals';
  }
  if (seen.name === undefined || seen.name.state !== 'ready') return 'down';
  if (seen.name.id === originalId) return 'runs-on-originals';
  return seen.name.id === restoredId ? 'runs-on-restored' : 'runs-on-mixed';
}
