import { providerFault } from '#domain/faults.ts';

/** @throws ProviderFault when a service has answered without what its API promises */
export function promised<Value>(value: Value | undefined, what: string): Value {
  if (value === undefined) throw providerFault(`AWS answered without ${what}.`);
  return value;
}
