import type { Mail } from '#domain/mail/layout.ts';
import { oweNotice } from '#ledger/notices.ts';
import { deployedPolicy } from '#platform/deployed-policy.ts';

/**
 * Owes what is of no workload to everybody who is told of failures of some workload.
 * @param id of what has happened: told once
 * @param createdAt ISO 8601
 */
export const tellEverybody = (id: string, createdAt: string, mail: Mail): Promise<void> =>
  oweNotice({
    ...{ id, audience: 'failures', createdAt, ...mail },
    workloads: deployedPolicy().workloads.map(({ name }) => name),
  });
