import type { Stack } from 'aws-cdk-lib';
import { PolicyDocument, type PolicyStatement } from 'aws-cdk-lib/aws-iam';

/** Of a managed policy, white space not counted: https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_iam-quotas.html */
const mostCharacters = 6144;

/** As long as AWS may make what a template only refers to; of anything else, names that CloudFormation gives. */
const lengths: Readonly<Record<string, number>> = {
  'AWS::Partition': 'aws-us-gov'.length,
  'AWS::Region': 'ap-southeast-1'.length,
  'AWS::AccountId': 12,
  'AWS::StackName': 128,
};
const mostOfReference = 110;

/**
 * The statements in as few documents as IAM takes, in their order.
 * @throws Error when one statement alone is too long
 */
export function fittingDocuments(stack: Stack, statements: readonly PolicyStatement[]): readonly PolicyDocument[] {
  const documents: PolicyStatement[][] = [[]];
  const fits = (some: readonly PolicyStatement[]) => lengthOf(stack.resolve(documentOf(some))) <= mostCharacters;
  if (fits(statements)) return [documentOf(statements)];
  for (const statement of statements) {
    if (!fits([statement]))
      throw new Error(
        `What people may do with ${statement.actions.join(', ')} names more resources than one IAM policy takes (${mostCharacters} characters): give some workloads a stack of their own.`,
      );
    const last = documents.at(-1) ?? [];
    if (fits([...last, statement])) last.push(statement);
    else documents.push([statement]);
  }
  return documents.map(documentOf);
}

const documentOf = (statements: readonly PolicyStatement[]) =>
  new PolicyDocument({ statements: [...statements], minimize: true });

/** Of the JSON that CloudFormation makes of a resolved value. */
function lengthOf(value: unknown): number {
  if (Array.isArray(value)) return value.reduce<number>((sum, each) => sum + lengthOf(each) + 1, 2);
  if (typeof value !== 'object' || value === null) return JSON.stringify(value)?.length ?? 0;
  const { Ref: reference, 'Fn::Join': join }: { Ref?: unknown; 'Fn::Join'?: unknown } = value;
  if (typeof reference === 'string') return (lengths[reference] ?? mostOfReference) + 2;
  if ('Fn::GetAtt' in value) return mostOfReference + 2;
  if (Array.isArray(join) && Array.isArray(join[1]))
    return join[1].reduce<number>((sum, part) => sum + lengthOf(part) - 2, 2);
  return Object.entries(value).reduce((sum, [key, each]) => sum + key.length + 4 + lengthOf(each), 2);
}
