import { Stack } from 'aws-cdk-lib';
import { ManagedPolicy, type PolicyStatement, type Role } from 'aws-cdk-lib/aws-iam';
import { documentOf, fitting } from './fitting-documents.ts';

/**
 * Of a role's own policy, which takes 10,240, less what is granted later (`connections.ts`). It is CDK's, too, to split one that is too long, but
 * never a statement, and not by how long names may become. https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_iam-quotas.html
 */
const mostInline = 8500;
/** Managed policies that a role takes, unless the account has asked for more. */
const mostPolicies = 10;

/**
 * Gives a role these statements: in its own policy as far as that goes, the rest in managed ones.
 * @param taken managed policies that the role has already
 * @throws Error when IAM would not take so many, which would else be found out half-way through a deployment
 */
export function grant(role: Role, statements: readonly PolicyStatement[], taken = 0): void {
  const [own = [], ...more] = fitting(Stack.of(role), statements, mostInline);
  if (more.length + taken > mostPolicies) {
    throw new Error(
      `The policy names more than the role ${role.node.path} can be given rights to: it would need ${more.length + taken} managed policies of IAM, and takes ${mostPolicies}. Give some workloads a stack of their own (docs/deploying.md, several stacks).`,
    );
  }
  for (const statement of own) role.addToPolicy(statement);
  for (const [index, some] of more.entries()) {
    new ManagedPolicy(role, `More${index + 1}`, { document: documentOf(some), roles: [role] });
  }
}
