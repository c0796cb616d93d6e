import { it } from 'vitest';
import { closeStage, dayMs, night, openStage, pointsIn, subjects } from './scenario/stage.ts';
it('speed', async () => {
  const stage = await openStage();
  const t = performance.now();
  await stage.time.advance(10 * dayMs);
  console.info('10 days', performance.now() - t);
  console.info(subjects(stage, 'backups@example.com'));
  console.info(stage.inbox('backups@example.com')[3]?.message);
  closeStage(stage);
});
