/**
 * What each step is given: one row a function. A role gets what its row says and the providers' statements of that name,
 * nothing else.
 */

export interface StepSettings {
  /**
   * `quiesce`: the policy's longest deadline and half a minute for the command to arrive. `begin`: seconds, or what the policy's hooks that
   * take the artifacts themselves need.
   */
  readonly timeoutSeconds: number | 'quiesce' | 'begin';
  /** CPU comes with memory: what must act while a workload is held still gets more. Quiescing mostly waits, until it is. */
  readonly memoryMb: number;
  /** All read and write the ledger's items; these list, too: what belongs to a workload, or what is unfinished of all. */
  readonly lists?: readonly Listing[];
  /** Commands it may send to guests: the hooks' documents, those of a recovery, the one that moves restored files, or AWS's own for VSS. */
  readonly guests?: 'hooks' | 'recovery' | 'promotion' | 'windows-vss';
  /** Asks SSM which instances are reachable. */
  readonly listsGuests?: true;
  readonly starts?: readonly MachineName[];
  /** Hears of executions of both machines, and so knows the ARNs of both. */
  readonly tellsMachinesApart?: true;
  /** Reads executions of both machines. */
  readonly describesExecutions?: true;
  /** Wakes the function that mails what is owed. */
  readonly wakesReport?: true;
  /** Wakes the function that begins what waits for slots. */
  readonly wakesSettle?: true;
  /** Asks AWS Backup for copies, or looks among them: knows the vault and the role for that. */
  readonly knowsVault?: true;
  /** Looks among what plans have copied: knows their vaults. */
  readonly knowsBackupPlanVaults?: true;
  /** Counts what lies in the queue of dead letters. */
  readonly countsDeadLetters?: true;
  /** Looks who is subscribed to the topics. */
  readonly watchesTopics?: true;
  /** Looks at what plans reach, and at their jobs. */
  readonly watchesBackupPlans?: true;
  /** Has AWS Backup restore: knows the role for that. */
  readonly restoresFromVault?: true;
  /** Publishes to the topics. */
  readonly publishes?: true;
  /** Invoked by events, so that what fails in every attempt goes to the dead letters; else by a state machine. */
  readonly byEvent?: true;
}

/** `workload`: a partition of the ledger. `unfinished`: its index `open`. */
export type Listing = 'workload' | 'unfinished';
export type MachineName = 'protect' | 'recover';

const backup = {
  'begin-run': {
    timeoutSeconds: 120,
    memoryMb: 512,
    lists: ['workload'],
    wakesReport: true,
    wakesSettle: true,
    byEvent: true,
  },
  'plan-run': {
    timeoutSeconds: 90,
    memoryMb: 512,
    lists: ['workload', 'unfinished'],
    listsGuests: true,
    knowsVault: true,
  },
  quiesce: { timeoutSeconds: 'quiesce', memoryMb: 512, guests: 'hooks' },
  'begin-tiers': { timeoutSeconds: 'begin', memoryMb: 1024, guests: 'windows-vss', knowsVault: true },
  release: { timeoutSeconds: 90, memoryMb: 1024, lists: ['workload'], guests: 'hooks', wakesReport: true },
  'close-window': { timeoutSeconds: 60, memoryMb: 512, lists: ['workload'], wakesReport: true },
} as const satisfies Record<string, StepSettings>;

const sweeps = {
  'guard-execution': {
    timeoutSeconds: 120,
    memoryMb: 512,
    lists: ['workload'],
    guests: 'hooks',
    starts: ['recover'],
    tellsMachinesApart: true,
    wakesReport: true,
    byEvent: true,
  },
  settle: {
    timeoutSeconds: 120,
    memoryMb: 256,
    lists: ['workload', 'unfinished'],
    guests: 'hooks',
    starts: ['protect', 'recover'],
    describesExecutions: true,
    wakesReport: true,
    byEvent: true,
  },
  report: { timeoutSeconds: 60, memoryMb: 256, lists: ['unfinished'], publishes: true, byEvent: true },
  // Deletes for half of it.
  retire: {
    timeoutSeconds: 600,
    memoryMb: 512,
    lists: ['workload', 'unfinished'],
    knowsVault: true,
    knowsBackupPlanVaults: true,
    watchesBackupPlans: true,
    watchesTopics: true,
    byEvent: true,
  },
  watch: {
    timeoutSeconds: 60,
    memoryMb: 256,
    lists: ['workload', 'unfinished'],
    wakesReport: true,
    countsDeadLetters: true,
    byEvent: true,
  },
  'send-digest': { timeoutSeconds: 60, memoryMb: 256, lists: ['workload'], wakesReport: true, byEvent: true },
} as const satisfies Record<string, StepSettings>;

/** Phases of a recovery wait up to 45 seconds for AWS, then are called again. */
const phase = { timeoutSeconds: 60, memoryMb: 512 } as const satisfies StepSettings;

const recovery = {
  'plan-recovery': {
    timeoutSeconds: 90,
    memoryMb: 512,
    lists: ['workload'],
    knowsVault: true,
    knowsBackupPlanVaults: true,
    wakesReport: true,
  },
  'create-volumes': { ...phase, guests: 'promotion', restoresFromVault: true },
  'take-safety-snapshot': phase,
  'stop-instance': phase,
  'detach-volumes': phase,
  'attach-volumes': phase,
  'start-instance': phase,
  'verify-recovery': { ...phase, guests: 'recovery' },
  'commit-recovery': { ...phase, lists: ['workload'], wakesReport: true },
  'roll-back': { ...phase, lists: ['workload'], wakesReport: true },
  'abandon-recovery': { ...phase, lists: ['workload'], wakesReport: true },
} as const satisfies Record<string, StepSettings>;

const table = { ...backup, ...sweeps, ...recovery };

/** Name of a step: its file in `functions/steps` and its folder of the bundles. */
export type Step = keyof typeof table;

export const functionTable: Readonly<Record<Step, StepSettings>> = table;
export const steps = Object.keys(table).filter((name): name is Step => name in table);

/** The one step with a function for each domain inside a VPC (`domain-carriers.ts`), and so without a row. */
export const askDomain = 'ask-domain';

/** Names of all bundles. */
export const bundledSteps: readonly string[] = [...steps, askDomain];

/** `plan-run` → `PlanRun`: the construct's id, and the name that state machines use. */
export const pascalCase = (step: string): string =>
  step
    .split('-')
    .map((word) => word.charAt(0).toUpperCase() + word.slice(1))
    .join('');
