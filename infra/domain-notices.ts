/** What OpenSearch Service does to a member by itself, told to everybody who is told of failures. */
import { Aws } from 'aws-cdk-lib';
import { EventField, Rule, RuleTargetInput } from 'aws-cdk-lib/aws-events';
import { SnsTopic } from 'aws-cdk-lib/aws-events-targets';
import { Construct } from 'constructs';
import type { Policy } from '#domain/policy.ts';
import { pascalCase } from './function-table.ts';
import { allowEvents, type Topics } from './topics.ts';

/**
 * After an hour the service restores indices that are red from its own hourly snapshots: to a time that nothing else of the workload is of.
 * https://docs.aws.amazon.com/opensearch-service/latest/developerguide/monitoring-events.html
 */
export function tellOwnRestores(parent: Construct, { workloads }: Policy, topics: Topics): void {
  const domains = new Set(
    workloads.flatMap(({ members }) =>
      members.flatMap((member) => (member.kind === 'opensearch' ? [member.resource] : [])),
    ),
  );
  if (domains.size === 0) return;
  const scope = new Construct(parent, 'OwnRestores');
  for (const domain of domains) tellOwnRestoresOf(scope, domain, topics);
  allowEvents(topics);
}

/** A rule of its own, since what an event says in a list has no place in a text. */
function tellOwnRestoresOf(scope: Construct, domain: string, { alarms }: Topics): void {
  const said = ['status', 'description'].map((field) => EventField.fromPath(`$.detail.${field}`)).join(': ');
  const message = `Holdfast: OpenSearch Service restores red indices of the domain ${domain} by itself (${said}). What comes back is of one of its own hourly snapshots, and may be older than all else of the workload: see that nothing writes, and, if they no longer fit together, npx holdfast recover.`;
  new Rule(scope, pascalCase(domain), {
    eventPattern: {
      source: ['aws.es'],
      resources: [`arn:${Aws.PARTITION}:es:${Aws.REGION}:${Aws.ACCOUNT_ID}:domain/${domain}`],
      detail: { event: ['Automatic Snapshot Restore for Red Indices'] },
    },
    targets: [new SnsTopic(alarms, { message: RuleTargetInput.fromText(message) })],
  });
}
