/** Identity policies, as a template's roles carry them (IAM, "IAM JSON policy elements reference"). */
export interface PolicyStatement {
  readonly effect: 'Allow' | 'Deny';
  readonly actions: readonly string[];
  readonly notActions: readonly string[];
  readonly resources: readonly string[];
  readonly notResources: readonly string[];
  /** Operator to condition key to values. */
  readonly conditions: Readonly<Record<string, Readonly<Record<string, readonly string[]>>>>;
}

export interface Policy {
  /** For messages. */
  readonly name: string;
  readonly statements: readonly PolicyStatement[];
  /** Of its document, without white space, as IAM counts them. */
  readonly characters?: number;
  /** Attached to roles, and none's own. */
  readonly isManaged?: true;
}

function recordOf(value: unknown, what: string): Readonly<Record<string, unknown>> {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) throw new Error(`${what} must be an object`);
  return { ...value };
}

function listOf(value: unknown, what: string): readonly string[] {
  if (value === undefined) return [];
  return [value].flat().map((item: unknown) => {
    if (typeof item === 'string' || typeof item === 'boolean' || typeof item === 'number') return String(item);
    throw new Error(`${what} must be text, not ${JSON.stringify(item)}: an intrinsic function not resolved?`);
  });
}

function conditionsOf(value: unknown, name: string): PolicyStatement['conditions'] {
  const operators = Object.entries(recordOf(value ?? {}, `${name}: Condition`));
  return Object.fromEntries(
    operators.map(([operator, keys]) => [
      operator,
      Object.fromEntries(
        Object.entries(recordOf(keys, `${name}: ${operator}`)).map(([key, values]) => [key, listOf(values, key)]),
      ),
    ]),
  );
}

function statementOf(value: unknown, name: string): PolicyStatement {
  const statement = recordOf(value, `${name}: a statement`);
  const { Effect: effect } = statement;
  if (effect !== 'Allow' && effect !== 'Deny') throw new Error(`${name}: Effect must be Allow or Deny`);
  if ('Principal' in statement) throw new Error(`${name}: an identity policy has no Principal`);
  const parsed = {
    effect,
    actions: listOf(statement.Action, `${name}: Action`),
    notActions: listOf(statement.NotAction, `${name}: NotAction`),
    resources: listOf(statement.Resource, `${name}: Resource`),
    notResources: listOf(statement.NotResource, `${name}: NotResource`),
    conditions: conditionsOf(statement.Condition, name),
  } as const;
  if (parsed.actions.length + parsed.notActions.length === 0) throw new Error(`${name}: no Action`);
  if (parsed.resources.length + parsed.notResources.length === 0) throw new Error(`${name}: no Resource`);
  return parsed;
}

/**
 * A policy from its document with all intrinsic functions resolved.
 * @throws Error naming the policy when the document is not one.
 */
export function parsePolicy(name: string, document: unknown): Policy {
  const { Statement: statements } = recordOf(document, name);
  return {
    name,
    statements: [statements].flat().map((statement) => statementOf(statement, name)),
    characters: JSON.stringify(document).replaceAll(/\s/g, '').length,
  };
}
