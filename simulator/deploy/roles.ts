/** The account's roles: what they may do, and who may assume them. */
import { createHash } from 'node:crypto';
import { evaluate } from '../iam/evaluate.ts';
import type { Identities } from '../iam/identity.ts';
import { type Policy, parsePolicy } from '../iam/policy.ts';
import type { Access, Caller } from '../kernel/service.ts';
import { checkPolicies } from './quotas.ts';
import { isObject, type Json } from './resolve.ts';

export interface Roles {
  /** Creates a role, or replaces its trust and own policies. */
  put(role: {
    readonly arn: string;
    readonly name: string;
    readonly trust: unknown;
    readonly policies: readonly Policy[];
  }): void;
  /** Adds a policy to the role of that name or ARN, replacing one of the same name. */
  attach(roleNameOrArn: string, policy: Policy): void;
  detach(roleNameOrArn: string, policyName: string): void;
  remove(name: string): void;
  /** @throws Error unless the role exists and trusts that service principal. */
  requireTrust(roleArn: string, principal: string): void;
  /** Whether its policies allow that. */
  mayDo(roleArn: string, access: Access): boolean;
  /** The access key id under which `caller` acts in the role. The same caller always gets the same. */
  keyFor(caller: Caller): string;
  /** A managed policy by its ARN. @throws Error when it is neither the account's nor known of AWS. */
  managed(policyArn: string): Policy;
  putManaged(policyArn: string, policy: Policy): void;
}

interface Role {
  readonly name: string;
  trust: readonly string[];
  /** Grows and shrinks in place: access keys refer to this very list. */
  readonly policies: Policy[];
}

/** Source: AWS Managed Policy Reference; of AWS Backup's no more than what the simulated service asks for. */
const AWS_MANAGED: Readonly<Record<string, unknown>> = {
  'arn:aws:iam::aws:policy/service-role/AWSBackupServiceRolePolicyForBackup': {
    Statement: [
      {
        Effect: 'Allow',
        Action: [
          ...['dynamodb:StartAwsBackupJob', 'ec2:CreateImage', 'ec2:CreateSnapshot', 'elasticfilesystem:Backup'],
          ...['elasticfilesystem:DescribeTags', 'fsx:CreateBackup', 'rds:CreateDBClusterSnapshot'],
          ...['rds:CreateDBSnapshot', 'storagegateway:CreateSnapshot'],
        ],
        Resource: '*',
      },
    ],
  },
  'arn:aws:iam::aws:policy/AWSBackupServiceRolePolicyForS3Backup': {
    Statement: [{ Effect: 'Allow', Action: 's3:ListBucket', Resource: '*' }],
  },
  'arn:aws:iam::aws:policy/service-role/AWSBackupServiceRolePolicyForRestores': {
    Statement: [
      {
        Effect: 'Allow',
        Action: ['elasticfilesystem:Restore', 'elasticfilesystem:CreateFileSystem'],
        Resource: '*',
      },
    ],
  },
  'arn:aws:iam::aws:policy/AWSBackupServiceRolePolicyForS3Restore': { Statement: [] },
  'arn:aws:iam::aws:policy/service-role/AWSLambdaBasicExecutionRole': {
    Statement: [
      { Effect: 'Allow', Action: ['logs:CreateLogGroup', 'logs:CreateLogStream', 'logs:PutLogEvents'], Resource: '*' },
    ],
  },
};

/** The service principals that a trust policy lets in. */
function trustedServices(document: unknown): readonly string[] {
  const statements: readonly unknown[] = isObject(document) ? [document.Statement].flat() : [];
  return statements.filter(isObject).flatMap((statement: Json) => {
    const allows = statement.Effect === 'Allow' && [statement.Action].flat().includes('sts:AssumeRole');
    const principal = isObject(statement.Principal) ? statement.Principal.Service : undefined;
    return allows ? [principal ?? []].flat().map(String) : [];
  });
}

function accessKeyId(text: string): string {
  return `ASIA${createHash('sha256').update(text).digest('hex').slice(0, 16).toUpperCase()}`;
}

const managedBy = (name: string, document: unknown): Policy => ({ ...parsePolicy(name, document), isManaged: true });

/** No roles yet. Keys and policies appear in `identities`. */
export function createRoles(identities: Identities): Roles {
  const roles = new Map<string, Role>();
  const managed = new Map<string, Policy>();
  const nameOf = (nameOrArn: string) => nameOrArn.split('/').at(-1) ?? nameOrArn;
  const get = (nameOrArn: string): Role => {
    const role = roles.get(nameOf(nameOrArn));
    if (!role) throw new Error(`no role ${nameOrArn}`);
    return role;
  };
  const detach = (role: Role, policyName: string): void => {
    const index = role.policies.findIndex(({ name }) => name === policyName);
    if (index >= 0) role.policies.splice(index, 1);
  };
  return {
    put({ arn, name, trust, policies }) {
      const role: Role = roles.get(name) ?? { name, trust: [], policies: [] };
      role.trust = trustedServices(trust);
      role.policies.splice(0, role.policies.length, ...policies);
      checkPolicies(name, policies);
      roles.set(name, role);
      identities.register(accessKeyId(arn), {
        caller: { kind: 'role', arn, name: `role:${name}` },
        policies: role.policies,
      });
    },
    attach(nameOrArn, policy) {
      const role = get(nameOrArn);
      detach(role, policy.name);
      role.policies.push(policy);
      checkPolicies(role.name, role.policies);
    },
    detach: (nameOrArn, policyName) => detach(get(nameOrArn), policyName),
    remove: (name) => void roles.delete(name),
    requireTrust(roleArn, principal) {
      if (!get(roleArn).trust.includes(principal)) throw new Error(`${roleArn} cannot be assumed by ${principal}`);
    },
    mayDo: (roleArn, access) => evaluate(get(roleArn).policies, access) === 'allow',
    keyFor(caller) {
      const key = accessKeyId(`${caller.arn} ${caller.name}`);
      identities.register(key, { caller, policies: get(caller.arn).policies });
      return key;
    },
    managed(policyArn) {
      const document = AWS_MANAGED[policyArn];
      const policy = document === undefined ? managed.get(policyArn) : managedBy(nameOf(policyArn), document);
      if (!policy) throw new Error(`managed policy ${policyArn} is not simulated`);
      return policy;
    },
    putManaged(policyArn, policy) {
      checkPolicies(policyArn, [policy]);
      managed.set(policyArn, policy);
    },
  };
}
