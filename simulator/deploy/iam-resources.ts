import { arn } from '../iam/arn.ts';
import { type Policy, parsePolicy } from '../iam/policy.ts';
import { isObject, type Json } from './resolve.ts';
import { type Build, type Built, listOf, refuse, requiredText, type Site } from './resource-builder.ts';

function inlinePolicies(properties: Json): readonly Policy[] {
  return listOf(properties, 'Policies')
    .filter(isObject)
    .map((policy) => parsePolicy(requiredText(policy, 'PolicyName'), policy.PolicyDocument));
}

const role: Build = (site, properties) => {
  refuse(properties, 'PermissionsBoundary');
  const name = site.name(properties.RoleName);
  const roleArn = arn(site.kernel, 'iam', `role/${name}`);
  const managed = listOf(properties, 'ManagedPolicyArns').map((each) => site.roles.managed(String(each)));
  const policies = [...managed, ...inlinePolicies(properties)];
  site.roles.put({ arn: roleArn, name, trust: properties.AssumeRolePolicyDocument, policies });
  const attributes = { Arn: roleArn, RoleId: `AROA${name}` };
  return { ref: name, attributes, remove: () => site.roles.remove(name) };
};

function attached(site: Site, properties: Json, policy: Policy, built: Omit<Built, 'remove'>): Built {
  refuse(properties, 'Users', 'Groups');
  const roles = listOf(properties, 'Roles').map(String);
  for (const each of roles) site.roles.attach(each, policy);
  return {
    ...built,
    remove: () => {
      for (const each of roles) site.roles.detach(each, policy.name);
    },
  };
}

const policy: Build = (site, properties) => {
  const parsed = parsePolicy(requiredText(properties, 'PolicyName'), properties.PolicyDocument);
  return attached(site, properties, parsed, { ref: site.name(undefined), attributes: {} });
};

const managedPolicy: Build = (site, properties) => {
  const name = site.name(properties.ManagedPolicyName);
  const policyArn = arn(site.kernel, 'iam', `policy/${name}`);
  const parsed = { ...parsePolicy(name, properties.PolicyDocument), isManaged: true } as const;
  site.roles.putManaged(policyArn, parsed);
  return attached(site, properties, parsed, { ref: policyArn, attributes: { PolicyArn: policyArn } });
};

export const IAM_RESOURCES: Readonly<Record<string, Build>> = {
  'AWS::IAM::Role': role,
  'AWS::IAM::Policy': policy,
  'AWS::IAM::ManagedPolicy': managedPolicy,
};
