/** What a recovery does, by the kinds of what it brings back: in words for whoever is asked, and as phases for whoever watches. */
import type { Recovery, RecoveryPhase } from '#domain/recovery.ts';
import type { Phase } from './progress.ts';

/**
 * `swap`: an instance is stopped, and its volumes are exchanged. `rename`: the new one takes the name of the present one. `launch`: a new
 * instance beside the present one; `replace`: in its place. `beside`: a new one, to which applications are led.
 */
type Way = 'swap' | 'rename' | 'launch' | 'replace' | 'beside';

const ways: Readonly<Record<string, Way>> = { ebs: 'swap', rds: 'rename', aurora: 'rename', ami: 'launch' };

const waysOf = (kinds: readonly string[], isReplaced: boolean): readonly Way[] => [
  ...new Set(kinds.map((kind) => (kind === 'ami' && isReplaced ? 'replace' : (ways[kind] ?? 'beside')))),
];

const consequences: Readonly<Record<Way, string>> = {
  swap: 'Its instances are stopped for some minutes, and their volumes are exchanged.',
  rename: 'Its databases are out of reach for some minutes, while new ones take their names.',
  replace: 'Once new instances have passed their checks, the present ones are stopped and replaced.',
  launch: 'New instances start beside the present ones, which go on.',
  beside: 'New resources are made, and applications are led to them; the present ones go on.',
};

/** @param kinds of what is brought back; none when the deployed stack does not tell them */
export const whatComes = (kinds: readonly string[], isReplaced: boolean): string =>
  kinds.length === 0
    ? 'The workload may go down for some minutes.'
    : waysOf(kinds, isReplaced)
        .map((way) => consequences[way])
        .join(' ');

/** What each way has to do; the others it passes through at once. Checks and the commit are everybody's. */
const stages: Readonly<Record<Way, readonly RecoveryPhase[]>> = {
  swap: ['create', 'safeguard', 'stop', 'detach', 'attach', 'start'],
  rename: ['create', 'detach', 'attach'],
  launch: ['create'],
  replace: ['create', 'stop', 'attach'],
  beside: ['create', 'attach'],
};

/** Whether a phase of this recovery has anything to do; one that failed had. */
export function hasWork({ plan, request, failure }: Recovery, phase: string): boolean {
  if (phase === 'safeguard' && !plan.safetySnapshot) return false;
  const all: readonly string[] = ['create', 'safeguard', 'stop', 'detach', 'attach', 'start'];
  if (!all.includes(phase) || plan.targets.length === 0 || failure?.phase === phase) return true;
  const kinds = plan.targets.map(({ kind }) => kind);
  return waysOf(kinds, request.replace === true).some((way) => stages[way].some((stage) => stage === phase));
}

/** Before it is known what is brought back. */
export const firstPhases: readonly Phase[] = [{ id: 'planned', title: 'Plan, take the lease' }];

export function phasesOf(recovery: Recovery): readonly Phase[] {
  const kinds = recovery.plan.targets.map(({ kind }) => kind);
  const [way, ...others] = waysOf(kinds, recovery.request.replace === true);
  const { create, detach, attach } = others.length > 0 || way === undefined ? mixed : titles[way];
  const phases: readonly Phase[] = [
    { id: 'create', title: create },
    { id: 'safeguard', title: 'Snapshot what is replaced' },
    { id: 'stop', title: 'Stop the instances' },
    { id: 'detach', title: detach },
    { id: 'attach', title: attach },
    { id: 'start', title: 'Start the instances' },
    { id: 'verify', title: 'Verify' },
    { id: 'commit', title: 'Commit' },
    { id: 'rolling-back', title: 'Roll back' },
  ];
  return [...firstPhases, ...phases.filter(({ id }) => hasWork(recovery, id))];
}

interface Titles {
  readonly create: string;
  readonly detach: string;
  readonly attach: string;
}

const mixed: Titles = {
  create: 'Create what is new',
  detach: 'Take what is replaced away',
  attach: 'Put what is new in its place',
};

const titles: Readonly<Record<Way, Titles>> = {
  swap: {
    create: 'Create the volumes',
    detach: 'Detach what is replaced',
    attach: 'Attach the recovered volumes',
  },
  rename: { create: 'Create the databases', detach: 'Free the names', attach: 'Take the names' },
  launch: { ...mixed, create: 'Launch the instances' },
  replace: { ...mixed, create: 'Launch the instances' },
  beside: { ...mixed, create: 'Create the new resources', attach: 'Lead applications to them' },
};
