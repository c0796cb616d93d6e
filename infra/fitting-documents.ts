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

/** As `fitting`, as documents of managed policies. */
export const fittingDocuments = (stack: Stack, statements: readonly PolicyStatement[]): readonly PolicyDocument[] =>
  fitting(stack, statements).map(documentOf);

/**
 * The statements of as few documents as IAM takes, in their order; one that names too many resources becomes several, of some each.
 * @param mostOfFirst characters that the first document may have, where it is no managed policy
 * @throws Error when a statement about one resource is too long
 */
export function fitting(
  stack: Stack,
  statements: readonly PolicyStatement[],
  mostOfFirst = mostCharacters,
): readonly (readonly PolicyStatement[])[] {
  const lengthOfAll = (some: readonly PolicyStatement[]) => lengthOf(stack.resolve(documentOf(some)));
  if (lengthOfAll(statements) <= mostOfFirst) return [statements];
  const documents: PolicyStatement[][] = [[]];
  for (const statement of statements.flatMap((each) => shortEnough(each, (one) => lengthOfAll([one])))) {
    const last = documents.at(-1) ?? [];
    const most = documents.length === 1 ? mostOfFirst : mostCharacters;
    if (lengthOfAll([...last, statement]) <= most) last.push(statement);
    else documents.push([statement]);
  }
  return documents;
}

/** The statement in halves, and these in theirs, until each fits into a document. */
function shortEnough(
  statement: PolicyStatement,
  lengthOfOne: (statement: PolicyStatement) => number,
): readonly PolicyStatement[] {
  if (lengthOfOne(statement) <= mostCharacters) return [statement];
  const { actions, resources } = statement;
  if (resources.length < 2) {
    throw new Error(
      `A statement about ${actions.join(', ')} has more characters than one IAM policy takes (${mostCharacters}): give some workloads a stack of their own.`,
    );
  }
  const half = Math.ceil(resources.length / 2);
  return [resources.slice(0, half), resources.slice(half)].flatMap((some) =>
    shortEnough(statement.copy({ resources: some }), lengthOfOne),
  );
}

export const documentOf = (statements: readonly PolicyStatement[]) =>
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
