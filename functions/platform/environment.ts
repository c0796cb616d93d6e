/** The environment a function is deployed with: the only reader of `process.env`, each variable by name and meaning. */
import { invalidRequest, invariantBroken } from '#domain/faults.ts';

function required(name: string): string {
  const value = process.env[name];
  if (value === undefined || value === '') {
    throw invariantBroken(
      `environment variable ${name} is missing: the stack and the functions disagree, deploy again`,
    );
  }
  return value;
}

export const environment = {
  /** Where it runs: set by Lambda, and by the CLI. */
  region: () => required('AWS_REGION'),
  /** The function's own role, as Lambda lends it. */
  credentials: () => ({
    accessKeyId: required('AWS_ACCESS_KEY_ID'),
    secretAccessKey: required('AWS_SECRET_ACCESS_KEY'),
    sessionToken: required('AWS_SESSION_TOKEN'),
  }),
  /** What the SDKs' variables say of endpoints: `AWS_ENDPOINT_URL…`, `AWS_USE_…_ENDPOINT`. */
  endpoints: (): Readonly<Record<string, string | undefined>> => process.env,
  /** Attempts of one call, as the SDKs' own variable has it; undefined: what is usual. */
  maxAttempts: (): number | undefined => {
    const given = process.env.AWS_MAX_ATTEMPTS;
    if (given === undefined || given === '') return undefined;
    if (/^[1-9]\d{0,2}$/.test(given)) return Number(given);
    throw invalidRequest(`AWS_MAX_ATTEMPTS must be a whole number from 1 on, not ${JSON.stringify(given)}.`);
  },
  /** The header by which Lambda sees functions that invoke one another in circles, and X-Ray what belongs together. */
  trace: (): Readonly<Record<string, string>> => {
    const id = process.env._X_AMZN_TRACE_ID;
    return id === undefined ? {} : { 'x-amzn-trace-id': id };
  },
  /** Name of the ledger's table. */
  table: () => required('HOLDFAST_TABLE'),
  /** Name of the stack: on every tag, so that two stacks in one account never touch each other's artifacts. */
  stack: () => required('HOLDFAST_STACK'),
  /** Name of the vault that AWS Backup copies to. */
  vault: () => required('HOLDFAST_VAULT'),
  /** ARN of the role in which AWS Backup copies. */
  backupRole: () => required('HOLDFAST_BACKUP_ROLE'),
  /** ARN of the role in which AWS Backup restores. */
  restoreRole: () => required('HOLDFAST_RESTORE_ROLE'),
  /** ARN of the state machine that holds a workload still. */
  protectMachine: () => required('HOLDFAST_PROTECT_ARN'),
  /** ARN of the state machine that brings a point back. */
  recoverMachine: () => required('HOLDFAST_RECOVER_ARN'),
  /** Topic of an audience. */
  topic: (audience: 'failures' | 'reports' | 'alarms') => required(`HOLDFAST_TOPIC_${audience.toUpperCase()}`),
  /** Function that sends what is owed. */
  reportFunction: () => required('HOLDFAST_REPORT_FUNCTION'),
  /** URL of the queue of events that failed in every attempt. */
  deadLetters: () => required('HOLDFAST_DEAD_LETTERS'),
  /** Function that begins what waits for slots. */
  settleFunction: () => required('HOLDFAST_SETTLE_FUNCTION'),
};

/** ARNs of the vaults that the policy's plans copy to; none: it has no plans. */
export const backupPlanVaults = (): readonly string[] =>
  (process.env.HOLDFAST_PLAN_VAULTS ?? '').split(',').filter((arn) => arn !== '');

/** The domain that this function alone carries requests to. */
export const carriedDomain = (): string => required('HOLDFAST_DOMAIN');

/** SSM document of a hook kind, or of `verify`. */
export const documentName = (kind: string): string =>
  required(`HOLDFAST_DOCUMENT_${kind.toUpperCase().replaceAll('-', '_')}`);
