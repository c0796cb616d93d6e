/** Policies of the scenarios, as a CDK user would type them. */
import type { PolicyInput } from '#domain/policy-schema.ts';

type WorkloadInput = PolicyInput['workloads'][string];

export const applianceId = 'i-0a1b2c3d4e5f60718';
/** Of a DB instance. */
export const databaseName = 'orders';
export const databaseId = 'i-0d47aba5e00000001';

/** Data volume of one instance, no hooks. */
export const appliance = (changes: Partial<WorkloadInput> = {}): WorkloadInput => ({
  schedule: { cron: '0 3 * * ? *', timeZone: 'UTC' },
  members: [{ kind: 'ebs', instance: { id: applianceId }, volumes: { devices: ['/dev/sdh'] } }],
  retention: { days: 30, minimum: 7 },
  objectives: { rpo: '26h', rto: '30m' },
  ...changes,
});

/** Four striped data volumes, held still by a command hook and frozen file systems. */
export const database = (changes: Partial<WorkloadInput> = {}): WorkloadInput => ({
  schedule: { cron: '0 3 * * ? *', timeZone: 'UTC' },
  members: [{ kind: 'ebs', instance: { tags: { Name: 'orders-db' } }, volumes: 'data' }],
  quiesce: {
    hooks: [
      { kind: 'command', quiesce: '/opt/holdfast/quiesce', release: '/opt/holdfast/release', deadlineSeconds: 60 },
      { kind: 'filesystem', mounts: 'auto', deadlineSeconds: 30 },
    ],
    onFailure: 'abort',
  },
  retention: { days: 30, minimum: 7 },
  objectives: { rpo: '26h', rto: '45m' },
  recovery: { verify: '/opt/holdfast/verify' },
  ...changes,
});

export const nightly = (
  workloads: PolicyInput['workloads'] = { appliance: appliance(), 'orders-db': database() },
): PolicyInput => ({
  version: 1,
  mail: { failures: ['ops@example.com'], reports: ['backups@example.com'] },
  workloads,
});
