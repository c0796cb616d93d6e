/**
 * OpenSearch Service: domains, and of what a domain itself answers the snapshots of its indices in its repositories, as far as backups see
 * them.
 */

import { arn } from '../../iam/arn.ts';
import type { Kernel, Service } from '../../kernel/service.ts';
import { domainOperations } from '../../wire/domain-http.ts';
import { openSearchAccess } from './access.ts';
import { createDomainApi } from './domain-api.ts';
import { createDomains, type Domain, type DomainSpec } from './domains.ts';
import { createRestores } from './restores.ts';
import { createSnapshots, type Snapshot } from './snapshots.ts';

export interface OpenSearchOptions {
  /** From the request until a snapshot is SUCCESS. Default 5 minutes. */
  readonly snapshotMs?: number;
  /** From the request until restored indices have all of their shards. Default 3 minutes. */
  readonly restoreMs?: number;
}

export interface OpenSearchService extends Service {
  readonly world: {
    /** Launches a domain that is active at once. */
    launch(spec: DomainSpec): void;
    readonly domains: ReadonlyMap<string, Domain>;
    /** Subnets of the domain that is spoken to at that host; undefined: it is in no VPC, or is no domain's host. */
    subnetsOf(host: string): readonly string[] | undefined;
    readonly snapshots: ReadonlyMap<string, Snapshot>;
  };
  readonly arrange: {
    /** The next snapshot ends as `PARTIAL` or `FAILED` instead of `SUCCESS`; or `never`. */
    nextSnapshotEndsAs(end: 'PARTIAL' | 'FAILED' | 'never'): void;
    /** The indices of the next restore stay red for ever. */
    nextRestoreNeverEnds(): void;
    /** Indices have been red for an hour. */
    serviceRestoresRedIndices(name: string): void;
    /** As if somebody had deleted them all. */
    loseSnapshots(): void;
    /** The service begins one of its automated snapshots. */
    automatedSnapshotBegins(name: string): void;
    /** As if somebody else had changed the domain's state. */
    setStatus(name: string, status: string): void;
  };
}

/** From one index's copy to the next. */
const shardMs = 5000;

export function createOpenSearch(kernel: Kernel, options: OpenSearchOptions = {}): OpenSearchService {
  const { snapshotMs = 300_000, restoreMs = 180_000 } = options;
  const domains = createDomains(kernel);
  const snapshots = createSnapshots(kernel, snapshotMs, shardMs);
  const restores = createRestores(kernel, restoreMs);
  return {
    name: 'es',
    client: async () => ({ ...(await import('@aws-sdk/client-opensearch')), ...domainOperations }),
    operations: { ...domains.operations, ...createDomainApi(domains, snapshots, restores) },
    access: (operation, input) => openSearchAccess(kernel, domains, operation, Object(input)),
    world: {
      launch: domains.launch,
      domains: domains.all,
      subnetsOf: (host) => domains.byHost(host)?.vpc?.SubnetIds,
      snapshots: snapshots.all,
    },
    arrange: {
      nextSnapshotEndsAs: snapshots.nextEndsAs,
      serviceRestoresRedIndices: (name) =>
        kernel.emit({
          ...{ source: 'aws.es', detailType: 'Amazon OpenSearch Service Cluster Status Notification' },
          resources: [arn(kernel, 'es', `domain/${name}`)],
          detail: {
            ...{ event: 'Automatic Snapshot Restore for Red Indices', status: 'Started', severity: 'High' },
            description: 'Your cluster status is red. We have started automatic snapshot restore for the red indices.',
          },
        }),
      loseSnapshots: () => snapshots.all.clear(),
      nextRestoreNeverEnds: restores.nextNeverEnds,
      automatedSnapshotBegins: (name) => {
        const at = new Date(kernel.clock.nowMs()).toISOString().toLowerCase().replaceAll(/[:.]/g, '-');
        snapshots.create(domains.named(name), 'cs-automated-enc', at, {});
      },
      setStatus: (name, status) => {
        domains.named(name).status = status;
      },
    },
  };
}
