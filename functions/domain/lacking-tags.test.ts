import { describe, expect, it } from 'vitest';
import type { BackupPlan } from './backup-plan.ts';
import { alike, lackedOf, partlyTagged } from './lacking-tags.ts';

const plan: BackupPlan = { name: 'homes', tags: { backup: 'Daily', team: 'shop' }, rules: [] };

it('what a resource lacks is each tag of the plan that it has not, or has with another value', () => {
  expect(lackedOf(plan, {})).toEqual(plan.tags);
  expect(lackedOf(plan, { backup: 'daily', team: 'shop' })).toEqual({ backup: 'Daily' });
  expect(lackedOf(plan, { ...plan.tags, more: 'x' })).toEqual({});
});

it('a value is like those that differ in their letters’ case alone, each once', () => {
  expect(alike('Daily')).toEqual(['Daily', 'daily', 'DAILY']);
  expect(alike('daily')).toEqual(['daily', 'DAILY']);
});

describe('what ought to be copied by a plan', () => {
  it('carries some of its tags, or values like them', () => {
    expect(partlyTagged(plan, 'arn:1', { team: 'shop' })).toEqual({
      ...{ resource: 'arn:1', lacks: { backup: 'Daily' }, because: 'it carries team=shop' },
    });
    expect(partlyTagged(plan, 'arn:1', { backup: 'DAILY', team: 'Shop' })).toEqual({
      ...{ resource: 'arn:1', lacks: plan.tags, because: 'it carries backup=DAILY' },
    });
    expect(partlyTagged(plan, 'arn:1', { backup: 'daily', team: 'shop' })?.because).toBe(
      'it carries backup=daily, team=shop',
    );
  });

  it.each([[{ ...plan.tags }], [{}], [{ backup: 'weekly' }], [{ other: 'Daily' }]])('is nothing with %j', (carried) =>
    expect(partlyTagged(plan, 'arn:1', carried)).toBeUndefined(),
  );
});
