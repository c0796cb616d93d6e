import { describe, expect, test } from 'vitest';
import { type Phase, type Report, withProgress } from './progress.ts';
import { scriptedTerminal } from './scripted-terminal.ts';

const phases: readonly Phase[] = [
  { id: 'waiting', title: 'Wait', optional: true },
  { id: 'create', title: 'Create' },
  { id: 'stop', title: 'Stop' },
  { id: 'start', title: 'Start' },
  { id: 'rolling-back', title: 'Roll back' },
];

/** All lines that stay, for these reports; `ended` undefined: nobody watches any longer. */
async function shown(reports: readonly Report[], { ended = true, isDrawn = false } = {}) {
  const terminal = scriptedTerminal();
  const drawn: (string | undefined)[] = [];
  const screen = isDrawn ? { ...terminal, passing: (text: string | undefined) => void drawn.push(text) } : terminal;
  await withProgress(screen, phases, async (report) => {
    for (const each of reports) report(each);
    return ended ? true : undefined;
  });
  return { lines: terminal.lines, drawn };
}

describe('progress, where it is not drawn', () => {
  test('is a line for each phase as it begins, and for each new detail', async () => {
    const { lines } = await shown([
      { phase: 'create' },
      { phase: 'create', detail: '1 of 2' },
      { phase: 'create', detail: '1 of 2' },
      { phase: 'start' },
    ]);
    expect(lines).toEqual(['- Create', '    1 of 2', '- Stop', '- Start']);
  });

  test('leaves out what was not entered', async () => {
    expect((await shown([{ phase: 'start', entered: ['create'] }])).lines).toEqual(['- Create', '- Start']);
  });

  test('says nothing more once nobody watches: neither of what goes on nor of what was not reached', async () => {
    expect((await shown([{ phase: 'stop' }], { ended: false })).lines).toEqual(['- Create', '- Stop']);
  });

  test('says nothing more when watching ends in an error', async () => {
    const terminal = scriptedTerminal();
    const watching = withProgress(terminal, phases, async (report) => {
      report({ phase: 'create' });
      throw new Error('gone');
    });
    await expect(watching).rejects.toThrow('gone');
    expect(terminal.lines).toEqual(['- Create']);
  });

  test('tells a failed phase once, with the reason, and then the roll back', async () => {
    const back = { phase: 'rolling-back', entered: ['create', 'stop'], failed: 'no capacity' };
    expect((await shown([{ phase: 'create' }, back, back])).lines).toEqual([
      '- Create',
      '- Stop',
      '✖ Stop: no capacity',
      '- Roll back',
    ]);
  });

  test('tells that the last one failed by an end that is none of the phases', async () => {
    expect((await shown([{ phase: 'stop' }, { phase: 'failed' }])).lines).toEqual(['- Create', '- Stop', '✖ Stop']);
  });
});

describe('progress that is drawn', () => {
  test('keeps a line for each phase that is over, and draws the one under way in one place', async () => {
    const { lines, drawn } = await shown([{ phase: 'create', detail: '1 of 2' }, { phase: 'stop' }], { isDrawn: true });
    expect(lines).toEqual(['✔ Create', '✔ Stop']);
    expect(drawn).toEqual(['… Create', '… Create  1 of 2', '… Stop', undefined]);
  });

  test('takes the one under way away when nobody watches any longer', async () => {
    const { lines, drawn } = await shown([{ phase: 'stop' }], { isDrawn: true, ended: false });
    expect(lines).toEqual(['✔ Create']);
    expect(drawn.at(-1)).toBeUndefined();
  });
});
