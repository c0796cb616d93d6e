import type { DomainStatus } from '@aws-sdk/client-opensearch';
import { arn } from '../../iam/arn.ts';
import { ApiError, type Kernel } from '../../kernel/service.ts';

export interface Index {
  /** What has been written, oldest first. */
  readonly documents: string[];
  readonly aliases: Set<string>;
  /** `red` while it is being restored, or when its primary shard is lost. */
  health: 'green' | 'red';
}

export interface Repository {
  readonly type: string;
  readonly settings: Readonly<Record<string, string>>;
}

/** Ids. */
export interface Vpc {
  readonly VPCId: string;
  readonly SubnetIds: readonly string[];
  readonly SecurityGroupIds: readonly string[];
}

export interface DomainSpec {
  readonly name: string;
  /** Names of indices, and the documents in each. */
  readonly indices?: Readonly<Record<string, readonly string[]>>;
  /** Names of indices, and the aliases of each. */
  readonly aliases?: Readonly<Record<string, readonly string[]>>;
  /** Names of S3 repositories. Default: `nightly`. */
  readonly repositories?: readonly string[];
  /** It answers inside this VPC only. Default: in none. */
  readonly vpc?: Vpc;
  readonly settings?: Partial<DomainStatus>;
}

export interface Domain {
  readonly name: string;
  readonly host: string;
  readonly vpc: Vpc | undefined;
  status: string;
  readonly indices: Map<string, Index>;
  readonly repositories: Map<string, Repository>;
  readonly settings: Partial<DomainStatus>;
}

export type Domains = ReturnType<typeof createDomains>;

export function createDomains(kernel: Kernel) {
  const all = new Map<string, Domain>();
  const random = kernel.random.fork('opensearch');

  const launch = (spec: DomainSpec): void => {
    const { name, indices = {}, aliases = {}, repositories = ['nightly'], vpc, settings = {} } = spec;
    const id = `${name}-${random.hex(26)}`;
    const made = Object.entries(indices).map(([index, documents]): [string, Index] => [
      index,
      { documents: [...documents], aliases: new Set(aliases[index]), health: 'green' },
    ]);
    all.set(name, {
      ...{ name, vpc, settings, status: 'Active', indices: new Map(made) },
      host: `${vpc ? 'vpc' : 'search'}-${id}.${kernel.regionName}.es.amazonaws.com`,
      repositories: new Map([
        ['cs-automated-enc', { type: 's3', settings: {} }],
        ...repositories.map((each): [string, Repository] => [each, { type: 's3', settings: { bucket: each } }]),
      ]),
    });
  };

  const named = (name = ''): Domain => {
    const found = all.get(name);
    if (found === undefined) throw new ApiError('ResourceNotFoundException', `Domain not found: ${name}`, 409);
    return found;
  };

  const shown = ({ name, host, vpc, status, settings }: Domain): DomainStatus => ({
    ...{ DomainId: `${kernel.account}/${name}`, DomainName: name, ARN: arn(kernel, 'es', `domain/${name}`) },
    ...{ Created: true, Deleted: status === 'Deleting', Processing: status !== 'Active', UpgradeProcessing: false },
    ...(vpc
      ? {
          Endpoints: { vpc: host },
          VPCOptions: { ...vpc, SubnetIds: [...vpc.SubnetIds], SecurityGroupIds: [...vpc.SecurityGroupIds] },
        }
      : { Endpoint: host }),
    ...{ EngineVersion: 'OpenSearch_2.19', ClusterConfig: { MultiAZWithStandbyEnabled: false } },
    // The model's closed list; tests put other words in.
    DomainProcessingStatus: status as DomainStatus['DomainProcessingStatus'],
    ...settings,
  });

  const healthOf = ({ status, indices }: Domain) => {
    if (status === 'Creating') return 'NotAvailable';
    return [...indices.values()].some(({ health }) => health === 'red') ? 'Red' : 'Green';
  };

  return {
    all,
    launch,
    named,
    byHost: (host: string) => [...all.values()].find((domain) => domain.host === host),
    operations: {
      DescribeDomain: ({ DomainName }: { DomainName?: string }) => ({ DomainStatus: shown(named(DomainName)) }),
      DescribeDomainHealth: ({ DomainName }: { DomainName?: string }) => ({
        ClusterHealth: healthOf(named(DomainName)),
      }),
    },
  };
}
