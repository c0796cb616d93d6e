import type { Access } from '../kernel/service.ts';
import { type Context, conditionsHold } from './condition.ts';
import type { Policy, PolicyStatement } from './policy.ts';
import { matchesWildcard } from './wildcard.ts';

/** `implicit-deny`: nothing allows it. `explicit-deny`: something forbids it, whatever else allows it. */
export type Decision = 'allow' | 'implicit-deny' | 'explicit-deny';

function namesAction({ actions, notActions }: PolicyStatement, action: string): boolean {
  const isNamed = (pattern: string) => matchesWildcard(action.toLowerCase(), pattern.toLowerCase());
  return actions.length > 0 ? actions.some(isNamed) : !notActions.some(isNamed);
}

function namesResource({ resources, notResources }: PolicyStatement, resource: string): boolean {
  const isNamed = (pattern: string) => matchesWildcard(resource, pattern);
  return resources.length > 0 ? resources.some(isNamed) : !notResources.some(isNamed);
}

function applies(statement: PolicyStatement, access: Access, context: Context): boolean {
  return (
    namesAction(statement, access.action) &&
    namesResource(statement, access.resource) &&
    conditionsHold(statement.conditions, context)
  );
}

/**
 * What these identity policies say of one access (IAM, "Policy evaluation logic", one account, no boundaries): an
 * explicit deny wins; what nothing allows is denied. `context` is joined to the access's own condition keys.
 * @throws Error on a condition operator that is not known.
 */
export function evaluate(policies: readonly Policy[], access: Access, context: Context = {}): Decision {
  const keys = { ...context, ...access.context };
  const applying = policies.flatMap(({ statements }) => statements).filter((one) => applies(one, access, keys));
  if (applying.some(({ effect }) => effect === 'Deny')) return 'explicit-deny';
  return applying.length > 0 ? 'allow' : 'implicit-deny';
}
