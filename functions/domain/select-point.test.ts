import { describe, expect, it } from 'vitest';
import { samplePoint } from './samples-for-tests.ts';
import { selectPoint } from './select-point.ts';

const old = samplePoint('2026-11-19T03:00:00.000Z');
const middle = samplePoint('2026-11-20T03:00:00.000Z');
const newest = samplePoint('2026-11-21T03:00:00.000Z');
const retired = samplePoint('2026-11-22T03:00:00.000Z', 'crash-consistent', {
  retire: { reason: 'older than 30 days', plannedAt: '2026-12-25T00:00:00.000Z' },
});
const unsealed = samplePoint('2026-11-23T03:00:00.000Z', 'crash-consistent', { sealedAt: '' });
const points = [middle, retired, unsealed, old, newest];
const select = (request: { point?: string; before?: string }, from = points) =>
  selectPoint(from, { workload: 'orders-db', ...request });

describe('the point of a recovery', () => {
  it('is the newest sealed one unless told otherwise', () => {
    expect(select({})).toEqual({ point: newest });
    expect(select({ point: 'latest' })).toEqual({ point: newest });
  });

  it('is the named one', () => {
    expect(select({ point: old.id })).toEqual({ point: old });
  });

  it('is the newest strictly before a time', () => {
    expect(select({ before: '2026-11-21T03:00:00Z' })).toEqual({ point: middle });
    expect(select({ point: 'latest', before: '2026-11-21T03:00:01Z' })).toEqual({ point: newest });
  });

  it.each([
    [
      { point: 'orders-db-20261121T030001Z' },
      `There is no point orders-db-20261121T030001Z. The nearest are ${newest.id}, ${middle.id}, ${old.id}.`,
    ],
    [{ point: retired.id }, 'was retired (older than 30 days)'],
    [{ point: unsealed.id }, 'is not sealed'],
    [{ before: '2026-11-19T03:00:00Z' }, `the oldest is ${old.id}, of 2026-11-19T03:00:00.000Z`],
    [{ before: 'last week' }, 'is not a time'],
    [{ point: old.id, before: '2026-11-19T03:00:00Z' }, 'not both'],
  ])('is refused for %j in a sentence', (request, words) => {
    expect(select(request)).toEqual({ refusal: expect.stringContaining(words) });
  });

  it('is one whose times contradict each other only where it is named, or there is no other', () => {
    const doubtful = { ...newest, contradictions: ['The times disagree.'] };
    expect(select({}, [old, doubtful, middle])).toEqual({ point: middle });
    expect(select({ before: '2026-11-22T00:00:00Z' }, [old, doubtful, middle])).toEqual({ point: middle });
    expect(select({ point: doubtful.id }, [old, doubtful])).toEqual({ point: doubtful });
    expect(select({}, [doubtful])).toEqual({ point: doubtful });
  });

  it('is refused where it has lost a part, and says which', () => {
    const broken = { ...newest, broken: { problem: 'snap-1 is gone', at: '2026-11-21T09:00:00.000Z' } };
    expect(select({ point: broken.id }, [old, broken])).toEqual({
      refusal: `Point ${broken.id} is broken: snap-1 is gone.`,
    });
    expect(select({}, [old, broken])).toEqual({ point: old });
  });

  it('has at most three others named for one that does not exist', () => {
    const older = samplePoint('2026-10-30T03:00:00.000Z');
    expect(select({ point: 'orders-db-20261121T030001Z' }, [...points, older])).toEqual({
      refusal: expect.not.stringContaining(older.id),
    });
  });

  it('does not exist when nothing was ever sealed', () => {
    expect(select({}, [retired, unsealed])).toEqual({ refusal: 'There is no sealed recovery point of "orders-db".' });
    expect(select({ point: 'x' }, [])).toEqual({ refusal: 'There is no point x. There are no points at all.' });
  });
});
