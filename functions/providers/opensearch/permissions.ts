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
const seeingIndices = { actions: ['es:ESHttpGet'], resources: [`${domains}/_cat/indices/*`] };
const seeingAliases = { actions: ['es:ESHttpGet'], resources: [`${domains}/_alias`] };
/** Which indices and aliases are in the body, where IAM does not look. */
const changingAliases = { actions: ['es:ESHttpPost'], resources: [`${domains}/_aliases`] };

const recovery: Permissions = {
  'plan-recovery': [seeing, seeingSnapshots, seeingIndices, seeingAliases],
  'create-volumes': [seeing, seeingIndices, { actions: ['es:ESHttpPost'], resources: [`${snapshots}/_restore`] }],
  'attach-volumes': [seeing, seeingIndices, seeingAliases, changingAliases],
  'verify-recovery': [seeing, seeingIndices, seeingAliases],
  'commit-recovery': [seeing, seeingIndices, seeingAliases],
  'roll-back': [seeing, seeingIndices, seeingAliases, changingAliases],
  'abandon-recovery': [seeing, seeingAliases],
};

export const permissions: Permissions = {
  'plan-run': [
    { actions: ['es:DescribeDomain', 'es:DescribeDomainHealth'], resources: [domains] },
    {
      actions: ['es:ESHttpGet'],
      resources: [repositories, `${repositories}/_status`, `${domains}/_cat/snapshots/cs-*`],
    },
  ],
  'begin-tiers': [seeing, { actions: ['es:ESHttpGet', 'es:ESHttpPut'], resources: [snapshots] }],
  settle: [seeing, seeingSnapshots],
  ...recovery,
  retire: [seeing, { actions: ['es:ESHttpGet', 'es:ESHttpDelete'], resources: [snapshots] }],
};
