/**
 * How far a point can be trusted, from the recorded times of its run. Causal: "the guest was holding still when the calls
 * were made" is shown by a chain (confirmed → calls began → calls returned → release sent → released by that release and not by the
 * timer), each link within one clock. Two clocks are compared only as a check, with tolerance, and never to prove anything.
 */
import { clockToleranceMs } from './cut.ts';
import { hookKey } from './hook-key.ts';
import { holdsEverywhere, holdsNothing, hookProof, runsOnNoGuest, stopsWriters, takesArtifacts } from './hook-proof.ts';
import { isOfInstances, reachesBackMs } from './member-kinds.ts';
import type { Hold, PlannedHook, Run, Window } from './run.ts';
import type { Consistency, Verdict } from './verdict.ts';

/** A guest's clock that differs so much, delivery included, is worth a word. It proves nothing either way. */
const clockTroubleMs = 60_000;
const order: readonly Consistency[] = ['crash-consistent', 'filesystem-consistent', 'application-consistent'];

const timeOf = (text: string | undefined) => (text === undefined ? Number.NaN : Date.parse(text));
/** False also when one of them is missing or cannot be read. */
const inOrder = (...times: readonly number[]) =>
  times.every((time, index) => !Number.isNaN(time) && (index === 0 || time >= (times[index - 1] ?? Number.NaN)));

const nameOf = (hook: PlannedHook) => `${hook.kind} hook on ${hook.instanceId}`;
const seconds = (ms: number) => `${(ms / 1000).toFixed(1)} s`;

/**
 * @param run all that was recorded of it; artifacts with AWS's times
 * @returns application-consistent when every hook is proven and each instance has one that proves that much (`hook-proof.ts`),
 *   filesystem-consistent when some instance has only its file systems frozen, else crash-consistent; `evidence` says which link is missing
 */
export function judge(run: Run): Verdict {
  const planned = plannedOf(run);
  if (planned.length === 0) return unheld(run);
  const { window } = run;
  if (window === undefined) return crash(['No window was recorded, so nothing is known to have held still.'], window);
  const doubts = [...ownDoubts(run, window), ...skewDoubts(run, window)];
  if (doubts.length > 0) return crash(doubts, window);
  const reached = coverage(run, planned);
  return {
    consistency: reached.consistency,
    evidence: [...window.holds.map((hold) => proofOf(hold, window)), ...reached.evidence],
    ...windowOf(window),
  };
}

/** A single resource may be consistent by itself; of several, nothing but a hold makes one moment. */
function unheld({ plan, window }: Run): Verdict {
  const [only, ...others] = plan?.members ?? [];
  if (only?.consistency !== undefined && others.length === 0) {
    const evidence = [
      `The snapshot of ${only.kind} ${only.resource} is its service's own, and the only artifact; nothing had to hold still.`,
    ];
    return { consistency: only.consistency, evidence };
  }
  return crash(['Nothing was asked to hold still: the workload has no hooks.'], window);
}

/**
 * Where our own record is whole, and AWS's times of the artifacts contradict it all the same: the evidence disagrees, so nobody knows of which
 * moment the point is, and it deserves a person's eyes. What our record doubts by itself (a hold that was lost) explains them.
 * @returns one sentence for each artifact; none when nothing was held still
 */
export function contradictions(run: Run): readonly string[] {
  const { window } = run;
  return window === undefined || ownDoubts(run, window).length > 0 ? [] : skewDoubts(run, window);
}

/** All that needs no times of AWS. */
const ownDoubts = (run: Run, window: Window): string[] => [
  ...chainDoubts(run, window),
  ...unrecorded(plannedOf(run), window),
  ...window.holds.flatMap((hold) => holdDoubt(hold, window) ?? []),
];

const plannedOf = ({ plan, window }: Run): readonly PlannedHook[] =>
  plan?.hooks ?? window?.holds.map((hold) => hold.hook) ?? [];

const crash = (evidence: readonly string[], window: Window | undefined): Verdict => ({
  consistency: 'crash-consistent',
  evidence,
  ...(window === undefined ? {} : windowOf(window)),
});

function windowOf(window: Window): { readonly windowMs?: number } {
  const holds = window.holds.filter(({ hook }) => !holdsNothing(hook.kind));
  const begins = holds.flatMap((hold) => hold.quiescedGuestMs ?? []);
  const ends = holds.flatMap((hold) => hold.releasedGuestMs ?? []);
  if (begins.length === 0 || ends.length === 0) return {};
  return { windowMs: Math.max(0, Math.max(...ends) - Math.min(...begins)) };
}

/** What concerns the whole run. */
function chainDoubts(run: Run, window: Window): string[] {
  const doubts: string[] = [];
  if (run.artifacts.length === 0) doubts.push('There is no artifact to judge.');
  if (!inOrder(timeOf(window.beganAt), timeOf(window.begunAt))) {
    doubts.push(
      `It is not recorded that all calls had returned (began ${window.beganAt}, returned ${window.begunAt}).`,
    );
  }
  if (!inOrder(timeOf(window.begunAt), timeOf(window.releaseSentAt))) {
    doubts.push(
      `Release was not sent after the calls had returned (returned ${window.begunAt}, sent ${window.releaseSentAt}).`,
    );
  }
  return [...doubts, ...cutDoubts(run, window), ...reachDoubts(run, window), ...momentDoubts(run, window)];
}

/** What a service has fixed only after the release may have what was written then. */
const cutDoubts = ({ artifacts }: Run, { releaseSentAt }: Window): string[] =>
  artifacts
    .filter(({ cut }) => cut !== undefined && !inOrder(timeOf(cut.upper), timeOf(releaseSentAt)))
    .map(
      ({ kind, source, id, cut }) =>
        `${kind} ${source} (${id}) was fixed at ${cut?.upper ?? 'a time that is not known'}, not before the release (${releaseSentAt}).`,
    );

/** Since when all have been held still, epoch ms; -Infinity where nothing confirmed. */
const allHeldMs = ({ holds }: Window): number =>
  Math.max(...holds.map(({ confirmedAt }) => timeOf(confirmedAt)).filter((time) => !Number.isNaN(time)));

/** Where a service promises only what was written some time before the call, all must have been held still for as long. */
const reachDoubts = ({ artifacts }: Run, window: Window): string[] =>
  artifacts
    .filter(({ kind, continuous }) => !continuous && reachesBackMs(kind) > 0)
    .filter(
      ({ kind, startedAt }) => !inOrder(allHeldMs(window) + reachesBackMs(kind) - clockToleranceMs, timeOf(startedAt)),
    )
    .map(
      ({ kind, source, id, startedAt }) =>
        `${kind} ${source} (${id}) was begun at ${startedAt}, before all had been held still for ${seconds(reachesBackMs(kind))}: it may lack what was written last.`,
    );

/** A moment that we chose is one of the service's clock, so it must lie within the hold by more than the clocks may differ. */
const momentDoubts = ({ artifacts }: Run, window: Window): string[] =>
  artifacts
    .filter(({ continuous }) => continuous)
    .filter(
      ({ startedAt }) =>
        !inOrder(
          allHeldMs(window) + clockToleranceMs,
          timeOf(startedAt),
          timeOf(window.releaseSentAt) - clockToleranceMs,
        ),
    )
    .map(
      ({ kind, source, startedAt }) =>
        `${kind} ${source} is pinned to ${startedAt}, which is not ${seconds(clockToleranceMs)} after all were held and before the release (${window.releaseSentAt}): it may have what was written then.`,
    );

function skewDoubts(run: Run, window: Window): string[] {
  const confirmations = window.holds
    .map(({ hook, confirmedAt }) => timeOf(takesArtifacts(hook.kind) ? window.beganAt : confirmedAt))
    .filter((time) => !Number.isNaN(time));
  if (confirmations.length === 0) return [];
  const from = Math.max(...confirmations) - clockToleranceMs;
  const to = timeOf(window.releaseSentAt) + clockToleranceMs;
  return run.artifacts
    .filter(({ continuous }) => !continuous)
    .filter((artifact) => !inOrder(from, timeOf(artifact.startedAt)) || timeOf(artifact.startedAt) > to)
    .map(
      (artifact) =>
        `The times disagree: AWS has ${artifact.id} start at ${artifact.startedAt}, outside the window from ${new Date(from + clockToleranceMs).toISOString()} to ${window.releaseSentAt}.`,
    );
}

function unrecorded(planned: readonly PlannedHook[], window: Window): string[] {
  const recorded = new Set(window.holds.map((hold) => hookKey(hold.hook)));
  return planned
    .filter((hook) => !recorded.has(hookKey(hook)))
    .map((hook) => `The ${nameOf(hook)} was planned and never recorded as run.`);
}

/** The first missing link of one hold. */
function holdDoubt(hold: Hold, window: Window): string | undefined {
  if (takesArtifacts(hold.hook.kind)) return takerDoubt(hold, window);
  const name = `The ${nameOf(hold.hook)}`;
  const { quiescedGuestMs: quiesced = Number.NaN, releasedGuestMs: released = Number.NaN } = hold;
  const deadlineMs = hold.hook.deadlineSeconds * 1000;
  if (hold.confirmedAt === undefined || Number.isNaN(quiesced)) {
    return `${name} never confirmed that it held still. ${hold.quiesceProblem ?? ''}`.trimEnd();
  }
  if (!inOrder(timeOf(hold.confirmedAt), timeOf(window.beganAt))) {
    return `${name} confirmed at ${hold.confirmedAt}, not before the calls began (${window.beganAt}).`;
  }
  if (holdsNothing(hold.hook.kind)) return undefined;
  if (hold.state !== 'free' || hold.releasedBy === undefined) return `${name} never confirmed its release.`;
  if (hold.releasedBy === 'timer')
    return `${name} was released by its own timer, so it may have run before the calls had returned.`;
  if (hold.releasedBy === 'lost')
    return `${name} had lost its hold when the release came, so the application may have run before the calls had returned.`;
  if (hold.releasedBy !== 'release') return `${name} was found not holding at release (${hold.releasedBy}).`;
  if (!inOrder(quiesced, released)) return `${name} has no release after its quiesce on the guest's clock.`;
  if (released - quiesced <= deadlineMs) return undefined;
  return `${name} held ${seconds(released - quiesced)}, past its deadline of ${hold.hook.deadlineSeconds} s.`;
}

/** Of a hook that takes the artifacts itself: its own success with the applications' writers, for this run's artifacts. */
function takerDoubt({ hook, confirmedAt, quiesceProblem }: Hold, window: Window): string | undefined {
  const name = `The ${nameOf(hook)}`;
  if (hook.parameters.NoWriters === 'True') return `${name} left the applications' writers out, as the policy says.`;
  if (confirmedAt === undefined)
    return `${name} never confirmed that it took the artifacts while it held still. ${quiesceProblem ?? ''}`.trimEnd();
  if (inOrder(timeOf(window.beganAt), timeOf(confirmedAt), timeOf(window.begunAt))) return undefined;
  return `${name} confirmed at ${confirmedAt}, not between ${window.beganAt} and ${window.begunAt}, when it was run.`;
}

function proofOf(hold: Hold, window: Window): string {
  if (takesArtifacts(hold.hook.kind)) {
    return `The ${nameOf(hold.hook)} was run at ${window.beganAt}, and confirmed at ${hold.confirmedAt} that it took the artifacts while the applications' writers held still.${noteOf(hold)}`;
  }
  if (holdsNothing(hold.hook.kind)) {
    return `The ${nameOf(hold.hook)} confirmed at ${hold.confirmedAt} that nothing was left; it holds nothing still.`;
  }
  const held = (hold.releasedGuestMs ?? 0) - (hold.quiescedGuestMs ?? 0);
  return `The ${nameOf(hold.hook)} confirmed at ${hold.confirmedAt}; calls ran from ${window.beganAt} to ${window.begunAt}; release was sent at ${window.releaseSentAt} and found it still holding, after ${seconds(held)} on ${runsOnNoGuest(hold.hook.kind) ? 'our' : "the guest's"} clock.${guestTimes(hold)}${noteOf(hold)}`;
}

function noteOf({ note, hook }: Hold): string {
  if (note === undefined) return '';
  return runsOnNoGuest(hook.kind) ? ` ${note}` : ` The guest says: ${note}`;
}

/** What the guest's own times add: when its timer was armed, and whether its clock can be believed at all. */
function guestTimes({ armedGuestMs, quiescedGuestMs, confirmedAt, hook }: Hold): string {
  const armed =
    armedGuestMs === undefined
      ? ''
      : ` Its timer was armed for ${hook.deadlineSeconds} s at ${new Date(armedGuestMs).toISOString()}.`;
  const aheadMs = (quiescedGuestMs ?? Number.NaN) - timeOf(confirmedAt);
  if (Number.isNaN(aheadMs) || Math.abs(aheadMs) < clockTroubleMs) return armed;
  return `${armed} That clock is ${seconds(Math.abs(aheadMs))} ${aheadMs > 0 ? 'ahead of' : 'behind'} ours, which no duration depends on.`;
}

/** The lowest that any instance reaches: a set is as consistent as its worst member. */
function coverage(run: Run, hooks: readonly PlannedHook[]): Verdict {
  const members = run.plan?.members ?? [];
  const resources = members.map((member) => member.resource);
  const withRoot = new Set(members.filter(({ includesRoot }) => includesRoot).map(({ resource }) => resource));
  const managed = new Set(members.filter(({ kind }) => !isOfInstances(kind)).map(({ resource }) => resource));
  const reached = [...new Set([...resources, ...hooks.map((hook) => hook.instanceId)])].map((resource) => {
    // A service runs no hook, so what holds its writers still elsewhere holds it: an application that is stopped writes nowhere.
    const own = hooks.filter(
      ({ kind, instanceId }) =>
        instanceId === resource || holdsEverywhere(kind) || (managed.has(resource) && stopsWriters(kind)),
    );
    return { resource, level: Math.max(0, ...own.map(({ kind }) => levelOf(kind, withRoot.has(resource)))) };
  });
  const lowest = Math.min(...reached.map(({ level }) => level));
  const uncovered = reached.filter(({ level }) => level === 0);
  return {
    consistency: order[lowest] ?? 'crash-consistent',
    evidence: uncovered.map(({ resource }) =>
      withRoot.has(resource)
        ? `The root volume of ${resource} is in the set, and no hook froze it.`
        : `No hook was asked to hold ${resource} still.`,
    ),
  };
}

const levelOf = (kind: string, includesRoot: boolean) => order.indexOf(hookProof(kind, includesRoot));
