/**
 * The closed list of failures. Only name, message and stack leave a Lambda, and Step Functions matches names exactly, so each
 * name is a literal (a minifier would change `new.target.name`) and the message carries the rest.
 */

export type FaultName =
  | 'TransientFault'
  | 'BusyFault'
  | 'InvalidRequest'
  | 'TierUnderWay'
  | 'QuiesceFault'
  | 'ProviderFault'
  | 'IntegrityFault'
  | 'InvariantBroken'
  | 'RunFailed';

export class Fault extends Error {
  override readonly name: FaultName;
  constructor(name: FaultName, message: string, cause?: unknown) {
    super(message, cause === undefined ? undefined : { cause });
    this.name = name;
  }
}

/** Worth trying again soon: throttled, a lost connection, AWS's own trouble. */
export const transientFault = (message: string, cause?: unknown) => new Fault('TransientFault', message, cause);
/** Someone else holds what is needed (a lease, slots, tokens); worth trying again later, never inside a window. */
export const busyFault = (message: string) => new Fault('BusyFault', message);
/** No fault of the step that throws it: the moment of a tier's artifacts is not fixed yet, so the step is to be called again. */
export const tierUnderWay = (message: string) => new Fault('TierUnderWay', message);
/** Found before anything was held still or changed; goes to the workload's owner. */
export const invalidRequest = (message: string) => new Fault('InvalidRequest', message);
/** The guest could not be held still, or it is not known whether it is. */
export const quiesceFault = (message: string, cause?: unknown) => new Fault('QuiesceFault', message, cause);
/** AWS refuses for good: denied, quota, key disabled, no capacity. */
export const providerFault = (message: string, cause?: unknown) => new Fault('ProviderFault', message, cause);
/** Evidence disagrees: the point must not be trusted. */
export const integrityFault = (message: string) => new Fault('IntegrityFault', message);
/** Our own bug. */
export const invariantBroken = (message: string) => new Fault('InvariantBroken', message);
/** No fault of the step that throws it: the run has failed, that is in the ledger and told, and its execution is to end as failed. */
export const runHasFailed = (message: string) => new Fault('RunFailed', message);
