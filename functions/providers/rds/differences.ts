/** What of a DB instance no call gives back: one sentence each, for a person. https://docs.aws.amazon.com/AmazonRDS/latest/UserGuide/USER_RestoreFromSnapshot.html */
import type { DBInstance, DomainMembership } from '@aws-sdk/client-rds';

export function differencesOf(instance: DBInstance): readonly string[] {
  const { AssociatedRoles = [], ReadReplicaDBInstanceIdentifiers: replicas = [], DomainMemberships = [] } = instance;
  const { ReadReplicaSourceDBInstanceIdentifier: source, MonitoringRoleArn: monitor, MonitoringInterval } = instance;
  const roles = AssociatedRoles.map(({ FeatureName, RoleArn }) => `${RoleArn} for ${FeatureName}`);
  return [
    ...(roles.length === 0 ? [] : [`the roles of its features are not given back: ${roles.join(', ')}.`]),
    ...(replicas.length === 0 ? [] : [`its read replicas stay with the replaced instance: ${replicas.join(', ')}.`]),
    ...(source === undefined ? [] : [`it is a read replica of ${source}; what is restored stands alone.`]),
    // Switching it on takes the right to pass its role, whichever that is.
    ...(monitor === undefined
      ? []
      : [`enhanced monitoring every ${MonitoringInterval} s by ${monitor} is not given back.`]),
    // So does joining it, or the right to read the secret.
    ...DomainMemberships.map(
      (domain) => `it is not joined to its Active Directory domain again: ${join(instance, domain)}`,
    ),
    ...(instance.MasterUserSecret === undefined
      ? []
      : ['its master password is managed in Secrets Manager, which a restore switches off: turn it on again.']),
  ];
}

/** A secret tells a domain of one's own from one that AWS manages. */
function join({ DBInstanceIdentifier: name }: DBInstance, membership: DomainMembership): string {
  const { Domain, IAMRoleName, FQDN, OU, AuthSecretArn: secret, DnsIps = [] } = membership;
  const where =
    secret === undefined
      ? `--domain ${Domain} --domain-iam-role-name ${IAMRoleName}`
      : `--domain-fqdn ${FQDN} --domain-ou ${OU} --domain-auth-secret-arn ${secret} --domain-dns-ips ${DnsIps.join(' ')}`;
  return `aws rds modify-db-instance --db-instance-identifier ${name} ${where} --apply-immediately`;
}
