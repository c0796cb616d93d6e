/** How cdk-nag is told that a finding is meant, in its own writing of resources; why, is in `acknowledgements.ts`. */
import { Stack, Validations } from 'aws-cdk-lib';
import type { IRole, ManagedPolicy } from 'aws-cdk-lib/aws-iam';
import { z } from 'zod';

/** Whoever has a role. */
type Owner = { readonly role?: IRole | undefined };

/** @param resource with a wildcard, as cdk-nag writes it */
export function accept({ role }: Owner, resource: string, reason: string): void {
  if (role === undefined) return;
  Validations.of(role).acknowledge({ id: `AwsSolutions-IAM5[Resource::${resource}]`, reason });
}

/** @param names of AWS’s own managed policies */
export function acceptPolicies(role: IRole, names: readonly string[], reason: string): void {
  for (const name of names) {
    const policy = `arn:<AWS::Partition>:iam::aws:policy/${name}`;
    Validations.of(role).acknowledge({ id: `AwsSolutions-IAM4[Policy::${policy}]`, reason });
  }
}

/** @param resource as a kind’s permissions have it */
export const asNagWrites = (resource: string): string =>
  resource
    .replace('${partition}', '<AWS::Partition>')
    .replace('${region}', '<AWS::Region>')
    .replace('${account}', '<AWS::AccountId>');

/** Statements of a document, as CloudFormation will have them. */
const resolvedDocument = z.object({
  Statement: z.array(z.object({ Resource: z.union([z.array(z.unknown()), z.unknown().transform((one) => [one])]) })),
});

/** Every resource with a wildcard in a policy for people. */
export function acceptWildcards(policy: ManagedPolicy, reason: string): void {
  const { Statement } = resolvedDocument.parse(Stack.of(policy).resolve(policy.document));
  const resources = Statement.flatMap(({ Resource }) => Resource.map(withReferences));
  for (const resource of new Set(resources.filter((each) => each.includes('*')))) {
    Validations.of(policy).acknowledge({ id: `AwsSolutions-IAM5[Resource::${resource}]`, reason });
  }
}

const references = z.union([
  z.string(),
  z.object({ Ref: z.string() }).transform(({ Ref }) => `<${Ref}>`),
  z.object({ 'Fn::GetAtt': z.array(z.string()) }).transform((of) => `<${of['Fn::GetAtt'].join('.')}>`),
]);
const joined = z.object({ 'Fn::Join': z.tuple([z.literal(''), z.array(references)]) });

/** As cdk-nag writes it: references in angle brackets. */
const withReferences = (resource: unknown): string =>
  z.union([references, joined.transform((of) => of['Fn::Join'][1].join(''))]).parse(resource);
