/** From a point's snapshots of domains to the indices that come beside the present ones, or to every reason why not. Changes nothing. */
import { createHash } from 'node:crypto';
import type { Artifact } from '#domain/artifact.ts';
import type { Point } from '#domain/point.ts';
import type { RecoveryRequest, RecoveryTarget } from '#domain/recovery.ts';
import { asFault, codeOf } from '#platform/aws-errors.ts';
import type { Domain } from '#platform/clients/opensearch.ts';
import { nobodyInside } from '#platform/domain-carrier.ts';
import type { RestorePlan } from '../../restorer.ts';
import { domainNamed, endpointOf } from '../domain.ts';
import { snapshotAt } from '../repository.ts';
import { callsOf } from './calls.ts';
import { type Aliases, aliasesOf, indicesOf } from './indices.ts';
import type { IndicesDetail } from './indices-detail.ts';
import { movesOf, warningsOf } from './moves.ts';

const nothing: RestorePlan = { targets: [], refusals: [], warnings: [], calls: [] };

export async function plan({ artifacts }: Point, request: RecoveryRequest): Promise<RestorePlan> {
  const own = artifacts.filter(({ kind }) => kind === 'opensearch');
  // Asked for some volumes, or for another instance, an operator means no search domain.
  const chosen = request.volumes === undefined && request.toInstance === undefined ? own : [];
  const plans = await Promise.all(chosen.map(planOrRefuse));
  return {
    targets: plans.flatMap(({ targets }) => targets),
    refusals: plans.flatMap(({ refusals }) => refusals),
    warnings: plans.flatMap(({ warnings }) => warnings),
    calls: plans.flatMap(({ calls }) => calls),
  };
}

async function planOrRefuse(artifact: Artifact): Promise<RestorePlan> {
  try {
    return await planOne(artifact);
  } catch (error) {
    const reason = error instanceof Error ? error.message : '';
    const words = wordsOf[codeOf(error)]?.(reason);
    if (words === undefined) throw asFault(error, `looking at opensearch ${artifact.source}`);
    return { ...nothing, refusals: [`opensearch ${artifact.source} ${words}`] };
  }
}

/** Of what no other try would mend. */
const wordsOf: Readonly<Record<string, (reason: string) => string>> = {
  security_exception: (reason) =>
    `refuses it (${reason}): map Holdfast’s roles of recoveries as docs/policy/search.md says.`,
  [nobodyInside]: (reason) => `cannot be asked: ${reason}.`,
};

async function planOne({ id, source, detail: { repository, indices } }: Artifact): Promise<RestorePlan> {
  const refused = (...refusals: readonly string[]) => ({ ...nothing, refusals });
  const domain = await domainNamed(source);
  const problem = problemOf(source, domain);
  const host = domain && endpointOf(domain);
  if (problem !== undefined || host === undefined) return refused(problem ?? `opensearch ${source} has no endpoint.`);
  const place = { host, repository: String(repository), name: id };
  const state = (await snapshotAt(place))?.state ?? 'gone';
  if (state !== 'SUCCESS') return refused(`The opensearch snapshot ${id} is ${state}, and cannot be restored.`);
  const [present, aliases] = await Promise.all([indicesOf(place.host), aliasesOf(place.host)]);
  const listed = new Set(present.map(({ index }) => index));
  const names = Array.isArray(indices) ? indices.map(String) : [];
  const chosen = names.filter((name) => !isHidden(name, listed, aliases));
  if (chosen.length === 0) return refused(`The opensearch snapshot ${id} has no index that could be brought back.`);
  const ending = `-new-${createHash('sha256').update(`${id} ${Date.now()}`).digest('hex').slice(0, 6)}`;
  const moves = movesOf(chosen, ending, listed, aliases);
  const detail = { domain: source, repository: place.repository, snapshotId: id, ending, moves };
  return {
    targets: [targetOf(detail)],
    refusals: [],
    warnings: [...warningsOf(detail, aliases), ...hiddenWords(source, names.length - chosen.length)],
    calls: callsOf(detail, place.host),
  };
}

/** By its name, or because it exists and is not listed: so would the recovered one be. */
const isHidden = (name: string, listed: ReadonlySet<string>, aliases: Aliases): boolean =>
  name.startsWith('.') || (name in aliases && !listed.has(name));

/** https://docs.aws.amazon.com/opensearch-service/latest/developerguide/managedomains-snapshot-restore.html */
function problemOf(name: string, domain: Domain | undefined): string | undefined {
  const words = `opensearch ${name}`;
  if (domain === undefined || domain.Deleted) {
    return `${words} does not exist any more: register the repository with another domain, and restore there by hand.`;
  }
  const { DomainProcessingStatus: status = 'Active', ClusterConfig } = domain;
  if (status !== 'Active') return `${words} is ${status}: wait until it is Active.`;
  if (!ClusterConfig?.MultiAZWithStandbyEnabled) return undefined;
  return `${words} runs Multi-AZ with Standby, into which OpenSearch Service restores no snapshot: switch that off first (aws opensearch update-domain-config --domain-name ${name} --cluster-config MultiAZWithStandbyEnabled=false).`;
}

const hiddenWords = (domain: string, count: number): readonly string[] =>
  count === 0
    ? []
    : [
        `opensearch ${domain}: ${count} hidden indices of the snapshot (of data streams, say) are left for a person to bring back.`,
      ];

function targetOf(detail: IndicesDetail): RecoveryTarget {
  const { domain, moves, ending } = detail;
  return {
    ...{ kind: 'opensearch', resource: domain, detail },
    keeps: `The ${moves.length} recovered indices of opensearch ${domain} are *${ending}. Those of before are kept as they were, and take up what they did, until you delete them.`,
  };
}
