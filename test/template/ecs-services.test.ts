import { describe, expect, test } from 'vitest';
import { steps } from '#infra/function-table.ts';
import { examplePolicy, statementsOf, synthesize } from './synthesize.ts';

const template = synthesize(examplePolicy);

describe('what is done to ECS services', () => {
  const { appliance } = examplePolicy.workloads;
  if (appliance === undefined) throw new Error('The example has no appliance.');
  const hook = { kind: 'ecs-service', cluster: 'shop', service: 'orders' } as const;
  const shop = synthesize({ version: 1, workloads: { appliance: { ...appliance, quiesce: { hooks: [hook] } } } });
  const holding = ['quiesce', 'release', 'settle', 'guard-execution'];
  const allowed = (step: string, action: string) => statementsOf(shop, step, action);
  const ofHeld = {
    Null: { 'aws:ResourceTag/holdfast:desired-count': 'false' },
    'ForAllValues:StringEquals': { 'aws:TagKeys': ['holdfast:desired-count'] },
  };

  test('is to those that the policy names, by whoever holds or releases, and by who releases to what is still held', () => {
    for (const step of holding) {
      const [statement, ...others] = allowed(step, 'ecs:UpdateService');
      expect(others.map(({ Condition }) => Condition)).toEqual(step === 'quiesce' ? [] : [ofHeld]);
      expect(JSON.stringify(statement?.Resource)).toMatch(/:ecs:.*:service\/shop\/orders"\]\]\}$/);
    }
    expect(steps.filter((step) => allowed(step, 'ecs:UpdateService').length > 0).sort()).toEqual(holding.toSorted());
  });
  test('touches no tag of theirs but ours', () => {
    for (const step of holding) {
      const [statement] = allowed(step, 'ecs:UntagResource');
      expect(statement?.Condition).toEqual({
        'ForAllValues:StringEquals': { 'aws:TagKeys': ['holdfast:desired-count'] },
      });
    }
    expect(steps.filter((step) => allowed(step, 'ecs:TagResource').length > 0)).toEqual(['quiesce']);
  });
  test('begins with a look at their tasks, in their cluster, and at what else may scale them', () => {
    const [tasks] = allowed('quiesce', 'ecs:ListTasks');
    expect(JSON.stringify(tasks?.Condition)).toMatch(/ArnEquals.*ecs:cluster.*:cluster\/shop"/);
    expect(JSON.stringify(allowed('quiesce', 'ecs:DescribeTasks')[0]?.Resource)).toContain(':task/shop/*');
    const planning = steps.filter(
      (step) => allowed(step, 'application-autoscaling:DescribeScalableTargets').length > 0,
    );
    expect(planning).toEqual(['plan-run']);
  });
  test('is allowed to who releases only, and of what is still held from before, where the policy names none', () => {
    const found = steps.flatMap((step) => statementsOf(template, step, 'ecs:UpdateService'));
    expect(found.map(({ Condition }) => Condition)).toEqual([ofHeld, ofHeld, ofHeld]);
  });
});
