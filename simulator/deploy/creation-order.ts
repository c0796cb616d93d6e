import { isObject, type Json, referencesIn } from './resolve.ts';

function dependenciesOf(resource: unknown): readonly string[] {
  if (!isObject(resource)) return [];
  const named: readonly unknown[] = [resource.DependsOn ?? []].flat();
  return [...named.map(String), ...referencesIn(resource.Properties)];
}

/**
 * Logical ids so that each comes after those it depends on, by DependsOn or by reference.
 * @throws Error on circles, which CloudFormation refuses, too.
 */
export function creationOrder(resources: Json): readonly string[] {
  const order: string[] = [];
  const state = new Map<string, 'open' | 'done'>();
  const visit = (id: string, path: readonly string[]): void => {
    if (state.get(id) === 'done' || !(id in resources)) return;
    if (state.get(id) === 'open')
      throw new Error(`Circular dependency between resources: ${[...path, id].join(' -> ')}`);
    state.set(id, 'open');
    for (const dependency of dependenciesOf(resources[id])) visit(dependency, [...path, id]);
    state.set(id, 'done');
    order.push(id);
  };
  for (const id of Object.keys(resources)) visit(id, []);
  return order;
}
