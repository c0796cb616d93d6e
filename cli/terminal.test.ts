import { spawnSync } from 'node:child_process';
import { describe, expect, it } from 'vitest';
import { scriptedTerminal } from './scripted-terminal.ts';
import { table } from './table.ts';

/** Sets the window's title and the clipboard, erases the screen, rings, goes back in the line, turns the text around. */
const hostile = 'a\u001b]0;title\u0007b\u001b[2Jc\u009b2Jd\re\bf\u007fg\u202eh\u001b[8mi';
const harmless = 'a\uFFFD]0;title\uFFFDb\uFFFD[2Jc\uFFFD2Jd\uFFFDe\uFFFDf\uFFFDg\uFFFDh\uFFFD[8mi';

/** What a process writes that has a terminal, or a pipe. */
function written(statement: string, { isTerminal = true, json = false } = {}) {
  const file = new URL('terminal.ts', import.meta.url).href;
  const code = `
    import { processTerminal } from ${JSON.stringify(file)};
    process.stdout.isTTY = ${isTerminal};
    const terminal = processTerminal({ json: ${json}, colour: true });
    const hostile = ${JSON.stringify(hostile)};
    ${statement}`;
  const { stdout, stderr } = spawnSync(process.execPath, ['--input-type=module', '-e', code], {
    encoding: 'utf8',
    env: { PATH: process.env.PATH },
  });
  return { stdout, stderr };
}

describe('what is written for people', () => {
  it.each([
    ['a line', 'terminal.line(hostile)', 'stdout'],
    ['a remark', 'terminal.remark(hostile)', 'stderr'],
    ['a complaint', 'terminal.complain(hostile)', 'stderr'],
  ] as const)('in %s steers no terminal, whoever it is from', (_, statement, stream) => {
    for (const isTerminal of [true, false]) expect(written(statement, { isTerminal })[stream]).toBe(`${harmless}\n`);
  });

  it('keeps to its line while it passes', () => {
    const { stdout } = written("terminal.passing(hostile + '\\n' + 'next'); terminal.passing(undefined)");
    expect(stdout).toBe(`${harmless} next\r\u001b[K`);
  });

  it('keeps its own colours, new lines and tabs', () => {
    const colours = ['red', 'green', 'yellow', 'cyan', 'dim', 'bold'];
    const painted = colours.map((colour) => `terminal.paint('${colour}', 'x')`).join(' + ');
    const { stdout } = written(`terminal.line(${painted} + '\\ta\\r\\nb')`);
    expect(stdout).toBe(
      [31, 32, 33, 36].map((code) => `\u001b[${code}mx\u001b[39m`).join('') +
        '\u001b[2mx\u001b[22m\u001b[1mx\u001b[22m\ta\nb\n',
    );
  });

  it('takes no colours from others where it has none itself', () => {
    const red = String.raw`\u001b[31mred`;
    expect(written(`terminal.line('${red}')`, { isTerminal: false }).stdout).toBe('\uFFFD[31mred\n');
  });

  it('begins on an empty screen, of a terminal alone', () => {
    expect(written('terminal.clear()').stdout).toBe('\u001b[2J\u001b[H');
    expect(written('terminal.clear()', { isTerminal: false }).stdout).toBe('');
  });

  it('stays in its column of a table', () => {
    const text = table(scriptedTerminal(), ['A', 'B'], [[hostile, 'x']]);
    expect(text).toBe(`A${' '.repeat(harmless.length + 1)}B\n${harmless}  x`);
  });
});

it('JSON says it in full, and steers no terminal either', () => {
  const steers = /(?!\n)[\p{Cc}\p{Cf}]/u;
  const value = JSON.stringify({ tag: `${hostile}\u{E0001}` });
  for (const statement of [`terminal.event(${value})`, `terminal.document(${value})`]) {
    const { stdout } = written(statement, { json: true });
    expect(stdout).not.toMatch(steers);
    expect(JSON.parse(stdout)).toEqual(JSON.parse(value));
  }
});
