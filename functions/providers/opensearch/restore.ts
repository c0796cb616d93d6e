/**
 * Indices of a snapshot, brought back beside the present ones under names of their own; then the aliases are swapped, all at once. A restore
 * over an index that is there would destroy what it holds, and there would be no way back: so the present ones are kept, and nothing is ever
 * deleted. https://docs.aws.amazon.com/opensearch-service/latest/developerguide/managedomains-snapshot-restore.html
 */
import { providerFault } from '#domain/faults.ts';
import type { Recovery, RecoveryTarget } from '#domain/recovery.ts';
import type { Stage } from '#domain/recovery-progress.ts';
import { asFault, codeOf, faultWhile } from '#platform/aws-errors.ts';
import { type Decision, drive } from '../drive.ts';
import type { PhaseResult, Restorer } from '../restorer.ts';
import { passingIfBusy } from './repository.ts';
import { type Action, decideAttach, decideCreate, decideUndo, decideVerify, type Seen } from './restore/decisions.ts';
import { addressOf, aliasesOf, changeAliases, indicesOf, restoreIndices } from './restore/indices.ts';
import { type IndicesDetail, indicesDetail } from './restore/indices-detail.ts';
import { leftovers, leftWords } from './restore/leftovers.ts';
import { plan } from './restore/plan.ts';

type Decide = (detail: IndicesDetail, seen: Seen) => Decision<Action>;

const phase =
  (stage: Stage, decide: Decide, look: (detail: IndicesDetail) => Promise<Seen>) =>
  (target: RecoveryTarget, recovery: Recovery): Promise<PhaseResult> => {
    const detail = indicesDetail(target);
    return drive<Seen, Action>({
      ...{ target, recovery, stage },
      look: () => look(detail),
      decide: (seen) => decide(detail, seen),
      perform: (action) => perform(detail, action),
    });
  };

const lookAtMade = async ({ domain, ending }: IndicesDetail): Promise<Seen> => ({
  made: await indicesOf(await addressOf(domain), ending),
});

const lookAtAll = async ({ domain, ending }: IndicesDetail): Promise<Seen> => {
  const host = await addressOf(domain);
  const [made, aliases] = await Promise.all([indicesOf(host, ending), aliasesOf(host)]);
  return { made, aliases };
};

/** Refusals that pass with time are the next look's; the others end the phase. */
async function perform(detail: IndicesDetail, action: Action): Promise<string | undefined> {
  const { domain, repository, snapshotId: name, moves, ending } = detail;
  try {
    const host = await addressOf(domain);
    if (action.kind === 'aliases') await changeAliases(host, action.changes);
    else {
      const names = moves.map(({ index }) => index);
      await restoreIndices({ host, repository, name }, names, ending).catch(passingIfBusy(domain));
    }
    return undefined;
  } catch (error) {
    const what = action.kind === 'aliases' ? 'changing its aliases' : `restoring *${ending}`;
    const fault = asFault(error, `${what} (opensearch ${domain})`);
    // Those to be taken away are gone: a try whose reply was lost has had its effect, which the next look sees.
    if (fault.name !== 'TransientFault' && codeOf(error) !== 'aliases_not_found_exception') throw fault;
    return fault.message;
  }
}

const nothing = async (target: RecoveryTarget): Promise<PhaseResult> => ({ done: true, target });
const undo = phase('roll-back', decideUndo, lookAtAll);

export const opensearchRestore: Restorer = {
  plan,
  create: phase('create', decideCreate, lookAtMade),
  // What is replaced is kept whole.
  ...{ safeguard: nothing, stop: nothing, detach: nothing, start: nothing },
  attach: phase('attach', decideAttach, lookAtAll),
  verify: phase('verify', decideVerify, lookAtAll),
  commit: async (target) => {
    await confirm(indicesDetail(target));
    return { done: true, target };
  },
  rollBack: async (target, recovery) => {
    const result = await undo(target, recovery);
    return result.done ? { done: true, target: await withLeft(target) } : result;
  },
  // An index is not deleted because a date has passed: its owner does that.
  tidy: async () => [],
  leftovers: (target) => leftovers(indicesDetail(target)),
};

/** The last look before the point of no return. */
async function confirm(detail: IndicesDetail): Promise<void> {
  const { waitingFor } = decideVerify(detail, await answered(lookAtAll(detail), detail));
  if (waitingFor === undefined) return;
  throw providerFault(`It was verified, and now waits for ${waitingFor}: something changed it since.`);
}

/** What was going to be led to stays, too. */
async function withLeft(target: RecoveryTarget): Promise<RecoveryTarget> {
  const detail = indicesDetail(target);
  const { made } = await answered(lookAtMade(detail), detail);
  const [leaves] = leftWords(detail, made.length);
  return leaves === undefined ? target : { ...target, leaves };
}

const answered = <Value>(asking: Promise<Value>, { domain }: IndicesDetail): Promise<Value> =>
  asking.catch(faultWhile(`looking at opensearch ${domain}`));
