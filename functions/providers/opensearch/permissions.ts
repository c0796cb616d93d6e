/**
 * What each step may do to domains: of the paths below one those that are used. Actions and resources after
 * https://docs.aws.amazon.com/opensearch-service/latest/developerguide/ac.html
 */
import type { Permissions } from '../permissions.ts';

const domains = 'arn:${partition}:es:${region}:${account}:domain/*';
const repositories = `${domains}/_snapshot`;
/** The only names that Holdfast gives (`named-snapshots.ts`), in whatever repository. */
const snapshots = `${repositories}/*/holdfast-*`;

const seeing = { actions: ['es:DescribeDomain'], resources: [domains] };
const seeingSnapshots = { actions: ['es:ESHttpGet'], resources: [snapshots] };

export const permissions: Permissions = {
  'plan-run': [
    { actions: ['es:DescribeDomain', 'es:DescribeDomainHealth'], resources: [domains] },
    { actions: ['es:ESHttpGet'], resources: [repositories, `${repositories}/_status`] },
  ],
  'begin-tiers': [seeing, { actions: ['es:ESHttpGet', 'es:ESHttpPut'], resources: [snapshots] }],
  settle: [seeing, seeingSnapshots],
  retire: [seeing, { actions: ['es:ESHttpGet', 'es:ESHttpDelete'], resources: [snapshots] }],
};
