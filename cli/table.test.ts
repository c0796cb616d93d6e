import { expect, test } from 'vitest';
import { scriptedTerminal } from './scripted-terminal.ts';
import { table } from './table.ts';

const terminal = scriptedTerminal();

test('columns are as wide as their widest cell', () => {
  expect(
    table(
      terminal,
      ['A', 'B'],
      [
        ['long cell', 'x'],
        ['y', 'z'],
      ],
    ),
  ).toBe('A          B\nlong cell  x\ny          z');
});

test('a table that would be too wide wraps one column and fits 100', () => {
  const text = table(terminal, ['Id', 'Words'], [['snap-0123456789abcdef0', 'word '.repeat(40).trim()]], { indent: 2 });
  const lines = text.split('\n');
  expect(lines.every((line) => line.length <= 100)).toBe(true);
  expect(lines.length).toBeGreaterThan(3);
  expect(text.match(/word/g)).toHaveLength(40);
});
