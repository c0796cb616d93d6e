import { describe, expect, test } from 'vitest';
import { steps } from '#infra/function-table.ts';
import { everyKind } from '../scenario/every-kind.ts';
import { examplePolicy, managedPoliciesOf, statementsByRole, synthesize } from './synthesize.ts';

const template = synthesize(examplePolicy);

describe('roles', () => {
  test('allow named actions only', () => {
    const actions = [...statementsByRole(synthesize(everyKind)).values()].flat().flatMap(({ Action }) => Action);
    expect(actions.length).toBeGreaterThan(100);
    expect(actions.filter((action) => action.includes('*'))).toEqual([]);
  });
  test('take nothing from policies of AWS', () => {
    expect(managedPoliciesOf(template)).toEqual([]);
  });
  test('belong to one function each', () => {
    const functions = Object.values(template.findResources('AWS::Lambda::Function'));
    const roles = new Set(functions.map(({ Properties }) => JSON.stringify(Properties.Role)));
    expect(roles.size).toBe(steps.length);
  });
  test('of state machines invoke the functions that the definition names, and no others', () => {
    const machines = Object.values(template.findResources('AWS::StepFunctions::StateMachine'));
    const byRole = statementsByRole(template);
    expect(machines).toHaveLength(2);
    for (const { Properties } of machines) {
      const { Partition, ...functions } = Properties.DefinitionSubstitutions;
      expect(Partition).toEqual({ Ref: 'AWS::Partition' });
      expect(Properties.DefinitionString).not.toContain('arn:aws:');
      const named: string[] = Object.values(functions).map((arn) => JSON.stringify(arn));
      const invoked = (byRole.get(Properties.RoleArn['Fn::GetAtt'][0]) ?? [])
        .filter(({ Action }) => Action.includes('lambda:InvokeFunction'))
        .flatMap(({ Resource }) => Resource)
        .map((arn) => JSON.stringify(arn));
      expect(invoked.sort()).toEqual(named.sort());
    }
  });
  test('of the schedules can begin runs and leave dead letters', () => {
    const actions = [...statementsByRole(template)]
      .filter(([role]) => role.startsWith('SchedulesRole'))
      .flatMap(([, statements]) => statements.flatMap(({ Action }) => Action));
    expect(actions).toEqual(['lambda:InvokeFunction', 'sqs:SendMessage']);
  });
});
