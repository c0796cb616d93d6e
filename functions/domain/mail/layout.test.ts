import { describe, expect, it } from 'vitest';
import { sampleHold, samplePoint, sampleRun, sampleWindow, sampleWorkload } from '../samples-for-tests.ts';
import { atWords, compose, failureLines, indented, pointLines, quoted } from './layout.ts';
import { releaseWords } from './release-words.ts';

describe('a mail', () => {
  it('leaves out lines and paragraphs that have nothing to say', () => {
    expect(compose('x', [['one', undefined, 'two'], [undefined], [], ['three']])).toEqual({
      subject: '[Holdfast] x',
      body: 'one\ntwo\n\nthree\n',
    });
  });

  it('has a subject of 100 printable ASCII characters at most, on one line', () => {
    expect(compose('x'.repeat(89), []).subject).toBe(`[Holdfast] ${'x'.repeat(89)}`);
    expect(compose('x'.repeat(90), []).subject).toBe(`[Holdfast] ${'x'.repeat(86)}...`);
    expect(compose('caf\u00e9\r\n \tnow ~', []).subject).toBe('[Holdfast] caf? now ~');
  });

  it('has 60,000 characters at most, is cut between lines, and says so', () => {
    const line = 'x'.repeat(99);
    const lines = (count: number) => Array.from({ length: count }, () => line);
    expect(compose('', [[...lines(599), `${line}y`]]).body).toBe(`${[...lines(599), `${line}y`].join('\n')}\n`);
    const { body } = compose('', [lines(700)]);
    expect(body.length).toBeLessThanOrEqual(60_001);
    expect(body).toBe(`${lines(599).join('\n')}\nCUT HERE: 101 more lines. All of it:\n    npx holdfast status\n`);
  });
});

describe('text from outside', () => {
  it('stands on one line of its own, marked, without what cannot be seen, at most 500 characters', () => {
    expect(quoted(' a\u0007\u202e\n\nb\ud800 ')).toBe('    > a b\ufffd');
    expect(quoted('x'.repeat(501))).toBe(`    > ${'x'.repeat(497)}...`);
    expect(indented(' a\nb ')).toBe('    a b');
  });

  it('is cut at 80 characters where a sentence cannot do without', () => {
    const name = 'n'.repeat(81);
    expect(failureLines({ name, phase: 'begin\ntiers', message: 'no' })).toEqual([
      `It failed while at: begin tiers (${'n'.repeat(77)}...). In the words of the error:`,
      '    > no',
    ]);
    expect(atWords('some\ntime')).toBe('some time');
    expect(atWords('2026-11-21T03:00:59.999Z')).toBe('2026-11-21 03:00 UTC');
  });
});

describe('the newest point', () => {
  const newestPoint = samplePoint('2026-11-20T03:00:00.000Z');
  const lines = (afterMs: number) =>
    pointLines({ workload: sampleWorkload(), newestPoint, nowMs: Date.parse(newestPoint.takenAt) + afterMs });

  it('is within the RPO to the last moment', () => {
    expect(lines(26 * 3_600_000)[1]).toBe(
      '    taken 2026-11-20 03:00 UTC, 26 h ago, within the RPO of 26 h; application-consistent',
    );
    expect(lines(26 * 3_600_000 + 60_000)[1]).toBe(
      '    taken 2026-11-20 03:00 UTC, 26 h 1 min ago, PAST the RPO of 26 h by 1 min; application-consistent',
    );
  });
});

describe('whether the application is free', () => {
  const { releasedAt: _, ...open } = sampleWindow();
  const words = (holds: readonly ReturnType<typeof sampleHold>[]) =>
    releaseWords(sampleRun({ window: { ...open, holds } }));

  it('is never claimed before every guest has said so', () => {
    expect(words([])).toBe('never held');
    expect(words([sampleHold(), sampleHold()])).toBe('released');
    expect(words([sampleHold(), sampleHold({ state: 'held' })])).toBe('RELEASE NOT CONFIRMED');
    expect(words([sampleHold({ state: 'intended' })])).toBe('RELEASE NOT CONFIRMED');
    expect(releaseWords(sampleRun({ window: sampleWindow({ holds: [sampleHold({ state: 'held' })] }) }))).toBe(
      'released',
    );
  });
});
