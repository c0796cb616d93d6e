/** What the toy kind's own author would write: its rights, a night, and a recovery. */
import { afterEach, describe, expect, it } from 'vitest';
import { nightly } from '../../scenario/policy.ts';
import { recover } from '../../scenario/recovering.ts';
import { closeStage, night, openStage, pointsIn, type Stage } from '../../scenario/stage.ts';
import { statementsByRole, statementsOf, synthesize } from '../../template/synthesize.ts';
import { example } from './example.ts';

const withToys = nightly({ toys: { schedule: { cron: '0 3 * * ? *' }, members: [example] } });

describe('toy-store', () => {
  it('brings its rights into the stacks whose policies have it, and into no others', () => {
    const [creating] = statementsOf(synthesize(withToys), 'begin-tiers', 'toystore:CreateSnapshot');
    expect(creating?.Effect).toBe('Allow');
    expect(JSON.stringify([...statementsByRole(synthesize(nightly()))])).not.toContain('toystore');
  });

  describe('in a stack', () => {
    let stage: Stage;

    afterEach(() => closeStage(stage));

    it('is backed up at night, and brought back by a recovery', async () => {
      stage = await openStage({ policy: withToys });
      const { world } = stage.services.toystore;
      world.launch('bears', 'a bear');
      await night(stage);
      const [point] = await pointsIn(stage, 'toys');
      expect(point?.artifacts).toMatchObject([{ kind: 'toy-store', source: 'bears', state: 'completed' }]);
      world.stores.get('bears')?.toys.splice(0);
      const execution = await recover(stage, { workload: 'toys' });
      expect(execution.status).toBe('SUCCEEDED');
      expect(world.stores.get('bears')?.toys).toEqual(['a bear']);
      expect(world.stores.size).toBe(2);
    });
  });
});
