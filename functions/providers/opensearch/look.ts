/** A domain as the next snapshot finds it. */
import type { Network } from '#domain/kinds/opensearch/settings.ts';
import type { ManagedMember } from '#domain/policy.ts';
import { codeOf } from '#platform/aws-errors.ts';
import { type Domain, opensearch } from '#platform/clients/opensearch.ts';
import { isInVpc, nobodyInside } from '#platform/domain-carrier.ts';
import type { Maintenance } from '../maintenance.ts';
import type { Source } from '../named-snapshots.ts';
import { automatedNotes } from './automated.ts';
import { domainNamed, endpointOf, withoutNetwork } from './domain.ts';
import { type Repository, repositoriesOf, runningIn } from './repository.ts';
import { requestLine } from './request-line.ts';

/** Undefined: there is no domain of that name. */
export async function look({ resource, repository = '', network }: ManagedMember): Promise<Source | undefined> {
  const domain = await domainNamed(resource);
  if (domain === undefined) return undefined;
  const of = { words: `opensearch ${resource}`, name: resource, repository, network };
  const host = endpointOf(domain);
  const source = { settings: { repository, engineVersion: domain.EngineVersion ?? '' }, refusals: [] };
  const standing = { ...source, ...standingOf(domain, of) };
  if (standing.busy !== undefined || standing.refusals.length > 0 || host === undefined) return standing;
  const health = await opensearch().healthOf(resource);
  if (health === 'Red') return { ...source, refusals: [redOf(of)] };
  if (health === 'NotAvailable') return { ...source, busy: `${of.words} does not tell its health.` };
  const { notes = [], ...inside } = await inDomain(host, domain, of, source.settings);
  return {
    ...{ ...source, ...inside },
    ...{ notes: [...standbyNotes(domain, of), ...notes], maintenance: maintenanceOf(domain, of) },
  };
}

interface Of {
  readonly words: string;
  readonly name: string;
  readonly repository: string;
  readonly network: Network | undefined;
}

/** States that pass, if only after hours. https://docs.aws.amazon.com/opensearch-service/latest/developerguide/managedomains-configuration-changes.html */
const passing = ['Modifying', 'UpdatingServiceSoftware', 'UpgradingEngineVersion'];

function standingOf(domain: Domain, { words, name, network }: Of): Partial<Source> {
  const status = statusOf(domain);
  const said = `${words} is ${status}`;
  const ask = `aws opensearch describe-domain-change-progress --domain-name ${name}`;
  if (passing.includes(status)) return { busy: `${said}, and may be moving to other nodes: ${ask}` };
  if (status !== 'Active') return { refusals: [`${said}, and only active domains are backed up.`] };
  const host = endpointOf(domain);
  if (host === undefined) return { busy: `${words} has no endpoint yet.` };
  return isInVpc(host) && network === undefined ? { refusals: [withoutNetwork(words, domain)] } : {};
}

/** Older domains have no word of their own for it. */
function statusOf({ DomainProcessingStatus, Deleted, UpgradeProcessing, Processing }: Domain): string {
  if (Deleted) return 'Deleting';
  if (DomainProcessingStatus !== undefined) return DomainProcessingStatus;
  if (UpgradeProcessing) return 'UpgradingEngineVersion';
  return Processing ? 'Modifying' : 'Active';
}

/** https://docs.aws.amazon.com/opensearch-service/latest/developerguide/managedomains-snapshot-restore.html */
const standbyNotes = ({ ClusterConfig }: Domain, { words }: Of): readonly string[] =>
  ClusterConfig?.MultiAZWithStandbyEnabled
    ? [
        `${words} runs Multi-AZ with Standby: a recovery is refused until that is switched off, since the service restores nothing into it.`,
      ]
    : [];

const offPeakHours = 10;

/** What the service does by itself it schedules before. https://docs.aws.amazon.com/opensearch-service/latest/developerguide/off-peak.html */
function maintenanceOf({ ServiceSoftwareOptions, OffPeakWindowOptions }: Domain, { name }: Of): Maintenance {
  const { Hours, Minutes = 0 } = OffPeakWindowOptions?.OffPeakWindow?.WindowStartTime ?? {};
  const at = (hours: number) => `${String(hours % 24).padStart(2, '0')}:${String(Minutes).padStart(2, '0')}`;
  return {
    window: Hours === undefined ? undefined : `${at(Hours)}-${at(Hours + offPeakHours)}`,
    pending: ServiceSoftwareOptions?.UpdateStatus === 'PENDING_UPDATE' ? ['an update of the service software'] : [],
    isUnannounced: false,
    move: `aws opensearch list-scheduled-actions --domain-name ${name}, and update-scheduled-action of the same`,
  };
}

/** Some primary shard is nowhere: a snapshot would fail, or lack it. */
const redOf = ({ words, name }: Of): string =>
  `${words} is red: a primary shard is lost, and no snapshot of it would be whole. After an hour the service may restore a red index from its own automated snapshots, to an older time than the rest. First: aws opensearch describe-domain-health --domain-name ${name}`;

async function inDomain(host: string, domain: Domain, of: Of, settings: Source['settings']): Promise<Partial<Source>> {
  try {
    const known = await repositoriesOf(host);
    const refusals = repositoryRefusals(host, of, known);
    if (refusals.length > 0) return { refusals };
    const [one] = await runningIn(host);
    const automatedRepositories = Object.keys(known).filter(isServices);
    return {
      settings: { ...settings, automatedRepositories },
      notes: await automatedNotes(of.words, host, automatedRepositories),
      ...(one === undefined ? {} : { busy: `${of.words} is making the snapshot ${one}, and makes one at a time.` }),
    };
  } catch (error) {
    const refusal = refusalOf(error, domain, of);
    if (refusal === undefined) throw error;
    return { refusals: [refusal] };
  }
}

/** Undefined: none that another try could not mend. */
function refusalOf(error: unknown, { VPCOptions = {} }: Domain, { words, network }: Of): string | undefined {
  const reason = error instanceof Error ? error.message : '';
  // Fine-grained access control, which asks after IAM has said yes.
  if (codeOf(error) === 'security_exception')
    return `${words} refuses it (${reason}): map Holdfast’s roles to its role manage_snapshots, as docs/policy/search.md says.`;
  if (codeOf(error) === nobodyInside) return `${words} cannot be asked: ${reason}.`;
  const { VPCId = 'its VPC', SubnetIds = [] } = VPCOptions;
  const isElsewhere = network !== undefined && !network.subnets.some((subnet) => SubnetIds.includes(subnet));
  return codeOf(error) === 'TimeoutError' && isElsewhere
    ? `${words} is in ${VPCId} (${SubnetIds.join(', ')}), and is not reached from ${network.subnets.join(', ')}, which the member’s network names: ${reason}.`
    : undefined;
}

/** Its automated snapshots are in these, and nobody else's. */
const isServices = (repository: string): boolean => repository.startsWith('cs-');

function repositoryRefusals(
  host: string,
  { words, repository }: Of,
  known: Readonly<Record<string, Repository>>,
): readonly string[] {
  const { [repository]: registered } = known;
  if (registered === undefined) {
    const others = Object.keys(known).filter((each) => !isServices(each));
    const there = others.length === 0 ? 'none is registered' : `registered are ${others.join(', ')}`;
    return [
      `${words} knows no repository ${repository} (${there}). Register it once: ${registering(host, repository)}`,
    ];
  }
  if (registered.type !== 's3')
    return [`The repository ${repository} of ${words} is of the type ${registered.type}, not s3.`];
  if (String(registered.settings?.readonly) !== 'true') return [];
  return [
    `The repository ${repository} of ${words} is registered as readonly: another domain writes it. Give this one its own.`,
  ];
}

/** https://docs.aws.amazon.com/opensearch-service/latest/developerguide/managedomains-snapshot-registerdirectory.html */
const registering = (host: string, repository: string): string =>
  requestLine('PUT', `${host}/_snapshot/${repository}`, {
    type: 's3',
    settings: { bucket: '<bucket>', region: '<its Region>', role_arn: '<role that the domain may write it in>' },
  });
