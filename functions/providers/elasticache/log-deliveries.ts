/**
 * Logs that a cache delivers. Whoever has one made with them needs rights over all log deliveries and resource policies of the account, since these have no
 * resource types; so a recovery makes it without, and a person gives them back.
 * https://docs.aws.amazon.com/AmazonElastiCache/latest/dg/Log_Delivery.html
 */
import type { CacheForm } from '#domain/cache-name.ts';
import type { CacheSettings } from '../cache-settings.ts';

interface Delivering {
  readonly LogDeliveryConfigurations?: readonly object[] | undefined;
}

/** What it is made with. */
export function withoutLogs<Create extends Delivering>(recreate: Create): Omit<Create, keyof Delivering> {
  const { LogDeliveryConfigurations: _, ...others } = recreate;
  return others;
}

const commands: Readonly<Record<CacheForm, string | undefined>> = {
  replicationgroup: 'modify-replication-group --replication-group-id',
  cluster: 'modify-cache-cluster --cache-cluster-id',
  serverlesscache: undefined,
};

/** @param name of the new one */
export function logDifferences(
  { recreate }: CacheSettings<Delivering>,
  form: CacheForm,
  name: string,
): readonly string[] {
  const { LogDeliveryConfigurations: logs = [] } = recreate;
  const command = commands[form];
  if (logs.length === 0 || command === undefined) return [];
  const line = `aws elasticache ${command} ${name} --apply-immediately --log-delivery-configurations '${JSON.stringify(logs)}'`;
  return [`it delivered logs, which the new one does not until you say so: ${line}`];
}
