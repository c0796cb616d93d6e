import { describe, expect, it } from 'vitest';
import { liveNights, type Night } from '../simulate/nights.ts';

describe('a fleet keeps every promise over nights in which chance has its way', () => {
  it.each([1, 2])('with seed %i', async (seed) => {
    const lived: Night[] = [];
    await liveNights(seed, 4, (night) => lived.push(night));
    const replay = (night: number) => `npm run simulate -- --from ${seed} --seeds 1 --nights ${night}`;
    expect(lived.flatMap(({ night, broken }) => (broken.length === 0 ? [] : [replay(night), ...broken]))).toEqual([]);
    expect(lived).toHaveLength(4);
  });
});
