/** What the folders of kinds and hooks say as data, as statements of the CDK. */
import { Aws } from 'aws-cdk-lib';
import { PolicyStatement } from 'aws-cdk-lib/aws-iam';
import type { Statement } from '#providers/permissions.ts';

/** @throws Error for a placeholder that no one fills in. */
export function statementOf({ actions, resources, conditions }: Statement, values: Values): PolicyStatement {
  const filled = (text: string) => fillIn(text, values);
  return new PolicyStatement({
    actions: [...actions],
    resources: resources.map(filled),
    ...(conditions === undefined ? {} : { conditions: filledConditions(conditions, filled) }),
  });
}

/** Of the placeholders that every statement may have. */
export const whereValues = { partition: Aws.PARTITION, region: Aws.REGION, account: Aws.ACCOUNT_ID };

/** Of the placeholders. */
type Values = Readonly<Record<string, string>>;
type Conditions = NonNullable<Statement['conditions']>;

const filledConditions = (conditions: Conditions, filled: (text: string) => string) =>
  Object.fromEntries(
    Object.entries(conditions).map(([operator, keys]) => [
      operator,
      Object.fromEntries(
        Object.entries(keys).map(([key, value]) => [
          key,
          typeof value === 'string' ? filled(value) : value.map(filled),
        ]),
      ),
    ]),
  );

function fillIn(text: string, values: Values): string {
  return text.replaceAll(/\$\{(\w+)\}/g, (placeholder, name: string) => {
    const value = values[name];
    if (value === undefined) throw new Error(`A provider's statement has the unknown placeholder ${placeholder}.`);
    return value;
  });
}
