import { RDSClient } from '@aws-sdk/client-rds';
import { lazy } from '../lazy.ts';
import { patience } from '../patience.ts';

export const rds = lazy(() => new RDSClient(patience));

const elsewhere = new Map<string, RDSClient>();

/** RDS of another Region. */
export function rdsIn(region: string): RDSClient {
  const made = elsewhere.get(region) ?? new RDSClient({ ...patience, region });
  elsewhere.set(region, made);
  return made;
}
