/** What the services say of artifacts whose moment is not fixed, while their workload is held still. */
import type { Artifact } from '#domain/artifact.ts';
import { Fault, providerFault, tierUnderWay } from '#domain/faults.ts';
import type { HoldingRun } from '#domain/holding-run.ts';
import type { Run } from '#domain/run.ts';
import { changeRun } from '#ledger/runs.ts';
import { progressOf } from '#providers/index.ts';

/**
 * As their services have them now, in the ledger too; those whose moment is fixed are not asked for again.
 * @throws TierUnderWay when a service does not answer in time; ProviderFault when one has failed, or the window is over
 */
export async function followArtifacts(run: HoldingRun, artifacts: readonly Artifact[]): Promise<readonly Artifact[]> {
  const open = artifacts.filter(({ cut }) => cut !== undefined && cut.upper === undefined);
  if (open.length === 0) return artifacts;
  const asked = await progressOf(open).catch((error: unknown) => unanswered(run, error));
  const seen = new Map(asked.map((artifact) => [artifact.id, artifact]));
  const hasMoved = open.some(
    ({ id, state }) => seen.get(id)?.state !== state || seen.get(id)?.cut?.upper !== undefined,
  );
  if (hasMoved) await changeRun(run.workload, run.id, (now) => withSeen(now, seen));
  refuseIfBroken([...seen.values()]);
  refuseIfClosing(run, [...seen.values()]);
  return artifacts.map((artifact) => seen.get(artifact.id) ?? artifact);
}

/** What has begun goes on whether or not its service tells of it: while the window lasts, one that is throttled is asked again. */
function unanswered({ window }: HoldingRun, error: unknown): never {
  const isPassing = error instanceof Fault && error.name === 'TransientFault';
  if (isPassing && Date.now() <= Date.parse(window.deadlineAt)) throw tierUnderWay(`Not known: ${error.message}`);
  throw error;
}

const withSeen = (run: Run, seen: ReadonlyMap<string, Artifact>): Run => ({
  ...run,
  artifacts: run.artifacts.map((artifact) => seen.get(artifact.id) ?? artifact),
});

function refuseIfBroken(artifacts: readonly Artifact[]): void {
  const broken = artifacts.filter(({ state }) => state === 'error' || state === 'gone');
  if (broken.length === 0) return;
  throw providerFault(broken.map((each) => `${artifactWords(each)}: ${each.problem ?? 'no reason given'}`).join('\n'));
}

/** What is fixed after the window's end is not what was held still for it. */
function refuseIfClosing({ window }: HoldingRun, artifacts: readonly Artifact[]): void {
  if (Date.now() <= Date.parse(window.deadlineAt)) return;
  const open = artifacts.filter(({ cut }) => cut?.upper === undefined).map(artifactWords);
  if (open.length > 0)
    throw providerFault(`The window was over at ${window.deadlineAt}, and not done: ${open.join(', ')}.`);
}

/** `rds orders (holdfast-…) is creating at 40 %` */
export const artifactWords = ({ kind, source, id, state, progress }: Artifact): string =>
  `${kind} ${source} (${id}) is ${state}${progress === undefined ? '' : ` at ${progress}`}`;
