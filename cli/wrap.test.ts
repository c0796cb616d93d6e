import { describe, expect, test } from 'vitest';
import { columns, columnsWithin, cut, fitted, foldedCommand, widthOf, wrap, wrapped } from './wrap.ts';

describe('wrapping', () => {
  test('breaks at spaces, and hangs what follows', () => {
    expect(wrap('one two three four', '  ', 9)).toEqual(['one two', '  three', '  four']);
  });

  test('leaves a long word whole, so that it can be copied', () => {
    expect(wrap('see snap-0123456789abcdef0 now', '', 10)).toEqual(['see', 'snap-0123456789abcdef0', 'now']);
  });

  test('keeps the text’s own lines and indentation', () => {
    expect(wrapped('  a b\n  c', '', 4)).toBe('  a\nb\n  c');
  });

  test('colours take no room', () => {
    expect(widthOf('\u001b[31mred\u001b[39m')).toBe(3);
  });
});

describe('a text that leaves', () => {
  const words = 'word '.repeat(30).trim();
  const command = `aws ec2 attach-volume ${['volume', 'instance', 'device'].map((each) => `--${each}-id ${each.repeat(6)}`).join(' ')}`;

  test('has lines of at most 100 columns, each hanging where it begins', () => {
    const lines = fitted(`holdfast: ${words}\n    ${words}\nshort`).split('\n');
    expect(lines.every((line) => line.length <= columns)).toBe(true);
    expect(lines.map((line) => /^ */.exec(line)?.[0].length)).toEqual([0, 0, 4, 4, 0]);
  });

  test('keeps a word that is longer, where it stands', () => {
    expect(fitted(`    ${'x'.repeat(120)}`)).toBe(`    ${'x'.repeat(120)}`);
  });

  test.each([`    ${command}`, `A person must finish. By hand: ${command}`])(
    'has commands that can be pasted: %s',
    (text) => {
      const lines = fitted(text).split('\n');
      expect(lines.every((line) => line.length <= columns)).toBe(true);
      expect(lines.join('\n').replaceAll(/ \\\n\s*/g, ' ')).toContain(command);
    },
  );

  test('is cut where only one line is left for it', () => {
    expect([cut('short', 10), cut('too long a line', 10)]).toEqual(['short', 'too long …']);
  });
});

describe('folding a command', () => {
  test('a short one stays on its line', () => {
    expect(foldedCommand('aws ec2 stop-instances --instance-ids i-1', '    ')).toBe(
      'aws ec2 stop-instances --instance-ids i-1',
    );
  });

  const long = `aws ec2 create-tags --resources vol-1 --tags '[{"Key":"a","Value":"one, two"},{"Key":"b","Value":"three"}]' --region eu-west-1`;
  const folded = foldedCommand(long, '    ', 50);

  test('is at most so wide', () => {
    expect(folded.split('\n').every((line) => line.length <= 50)).toBe(true);
  });

  test('breaks before options with a backslash, inside JSON without', () => {
    expect(folded.split('\n').filter((line) => line.includes('"'))).not.toContainEqual(
      expect.stringMatching(/,\s*\\$/),
    );
    expect(folded).toMatch(/ \\\n {4}--tags/);
  });

  test('means the same once it is pasted', () => {
    const unfolded = folded.replaceAll(/ \\\n\s*/g, ' ');
    const json = (text: string) => JSON.parse(/'(.*)'/s.exec(text)?.[1] ?? '');
    expect(json(unfolded)).toEqual(json(long));
    expect(unfolded.replace(/'.*'/s, '')).toBe(long.replace(/'.*'/s, ''));
  });
});

test.each([
  [undefined, 100],
  [200, 100],
  [80, 80],
  [20, 60],
])('lines are as long as a terminal of %s columns is wide, within reason', (terminal, most) =>
  expect(columnsWithin(terminal)).toBe(most),
);
