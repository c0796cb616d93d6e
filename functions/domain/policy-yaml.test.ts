import { describe, expect, it } from 'vitest';
import { readPolicy } from './policy-file.ts';

/** `line:column path: message` of each mistake. */
function told(text: string): readonly string[] {
  const read = readPolicy(text);
  const mistakes = 'mistakes' in read ? read.mistakes : [];
  return mistakes.map(({ line, column, path, message }) => `${line}:${column} ${[...path, message].join(': ')}`);
}

describe('what is no YAML', () => {
  it.each([
    ['version: [1', ['1:10 This [ is never closed: put a ] where it ends, at the end of line 1 at the latest.']],
    ['a: [1, 2\n\n', ['1:4 This [ is never closed: put a ] where it ends, at the end of line 1 at the latest.']],
    ['a: {\n  b: 1\n', ['1:4 This { is never closed: put a } where it ends, at the end of line 2 at the latest.']],
    ['a: "b\nc: 1', ['1:4 This " is never closed: put a " where it ends.']],
    ["a: 'x\nb: 1", ["1:4 This ' is never closed: put a ' where it ends."]],
    ['a: "', ['1:4 This " is never closed: put a " where it ends.']],
    ['a: b: c', ['1:4 One line has one key and its value: put what begins here on a line of its own, indented.']],
    [
      'a:b\nc: 1',
      [
        '1:1 This is neither a key with its value nor the item of a list: is there a colon missing, or the space after it?',
      ],
    ],
    [
      'a:\n  b: 1\n c: 2',
      ['3:1 This line does not fit the indentation around it: settings that belong together begin in the same column.'],
    ],
    ['a: {x: 1 y: 2}', ['1:8 Between { } or [ ] this is no item: is there a comma missing before it?']],
    ['a: * 3 * * ? *', ['1:4 Text cannot begin with "*" here: put it in quotes, as in "*/15 * * * ? *".']],
    ['a: */15 * * * ? *', ['1:4 Text cannot begin with "*" here: put it in quotes, as in "*/15 * * * ? *".']],
    ["a: 'it's'", ['1:8 Nothing may stand here: is there a bracket or a quote too many before it?']],
    ['a: [1]\nb: ]', ['2:4 Nothing may stand here: is there a bracket or a quote too many before it?']],
    [
      'b: "x"#c',
      ['1:7 Something is missing here: a colon after a key, or a space in front of a # that begins a comment.'],
    ],
    [`${'k'.repeat(1100)}: 1`, ['1:1 A key has at most 1024 characters: is there a line break or a quote missing?']],
    ['a: @x', ['1:4 Text cannot begin with "@" here: put it in quotes.']],
    ['a: "\\q"', ['1:5 A backslash means something else in double quotes ("\\\\"): use single quotes.']],
    ['a: &x &y 1', ['1:7 A value has one anchor (&name) at most: take one away.']],
    [
      'b: 1\na: *x',
      [
        '2:4 There is no anchor &x in front of this alias: write the value itself, or mark it with &x where it stands first.',
      ],
    ],
    ['%FOO\n---\na: 1', ['1:1 A policy has no directives such as "%FOO": take this line away.']],
    [
      'version: 1\n---\nversion: 1\n',
      ['2:1 A second document begins here, and a policy is one: take this line away, or make two files.'],
    ],
    ['version: !secret x\n', ['1:10 A policy knows no tags such as "!secret": write the value itself.']],
    [
      'a: !x !y z',
      [
        '1:7 A value has one tag (!name) at most, and a policy needs none: take them away.',
        '1:7 A policy knows no tags such as "!y": write the value itself.',
      ],
    ],
    ['a:\n\tb: 1\n', ['2:1 YAML is indented by spaces, and this line by a tab: put spaces in its place.']],
    [
      'a:\n\tb: 1\n\tc: 1\n\td: 1\n',
      ['2:1 YAML is indented by spaces, and this line by a tab (also line 3, 4): put spaces in its place.'],
    ],
  ])('is told in words, where it stands: %j', (text, mistakes) => expect(told(text)).toEqual(mistakes));
});

describe('of several mistakes', () => {
  it('those are told that are a cause wherever they stand', () => {
    expect(told('a: @x\nb: "\\q"\nc: d: e')).toEqual([
      '1:4 Text cannot begin with "@" here: put it in quotes.',
      '2:5 A backslash means something else in double quotes ("\\\\"): use single quotes.',
    ]);
    expect(told('c: *y\nd: *z')).toEqual([
      expect.stringMatching(/^1:4 There is no anchor &y/),
      expect.stringMatching(/^2:4 There is no anchor &z/),
    ]);
  });

  it('what may follow from another is told when it is the first', () => {
    expect(told('a: b: c\nd: [1')).toEqual([
      expect.stringMatching(/^1:4 One line has one key/),
      expect.stringMatching(/^2:4 This \[ is never closed/),
    ]);
    expect(told('d: [1]]\na: b: c')).toEqual([expect.stringMatching(/^1:7 Nothing may stand here/)]);
  });

  it('a key that is there twice in front of what cannot be read is told, and none behind it', () => {
    expect(told('a: 1\na: 2\nb: "x')).toEqual([
      '2:1 a: "a" is here twice: line 1 has it already. Keep one of them, or join what both have.',
      '3:4 This " is never closed: put a " where it ends.',
    ]);
    expect(told('b: "x"#c\na: 1\na: 2')).toEqual([expect.stringMatching(/^1:7 Something is missing here/)]);
  });
});

describe('a key that is there twice', () => {
  const twice = (text: string) => told(text).filter((each) => each.includes('is here twice'));

  it('is told each time but the first, with the line of the first', () => {
    expect(twice('a: 1\nb: 1\na: 2\na: 3')).toEqual([
      '3:1 a: "a" is here twice: line 1 has it already. Keep one of them, or join what both have.',
      '4:1 a: "a" is here twice: line 1 has it already. Keep one of them, or join what both have.',
    ]);
  });

  it('is told in a list, in braces, and not of two mappings', () => {
    expect(twice('- a: 1\n- b: 1\n  b: 2')).toEqual([expect.stringMatching(/^3:3 1: b: "b" is here twice: line 2/)]);
    expect(twice('x: { y: 1, y: 2 }')).toEqual([expect.stringMatching(/^1:12 x: y: "y" is here twice: line 1/)]);
    expect(twice('x: { y: 1 }\nz: { y: 1 }')).toEqual([]);
  });

  it('is a key as text: 1 and "1" are one, and what is no text is none', () => {
    expect(twice('1: a\n"1": b')).toEqual([expect.stringMatching(/^2:1 1: "1" is here twice/)]);
    expect(twice('? [x]\n: 1\n? [x]\n: 2')).toEqual([]);
  });
});

it('a merge key is told wherever it stands', () => {
  const words =
    'Merge keys (<<) are not supported: write these settings out, or put an alias in the place of a whole value.';
  expect(told('a: &x { b: 1 }\nc:\n  <<: *x').filter((each) => each.includes('Merge'))).toEqual([
    `3:3 c: <<: ${words}`,
  ]);
});

it('a key that is no word is told wherever it stands, and nothing else of it', () => {
  const words = 'A key is a word, and here is none: write one in front of the colon.';
  const none = (text: string) => told(text).filter((each) => each.includes('A key is'));
  expect(none('? [a]\n: 1\n: 2\nnull: 3\nx: [{ ? : 1 }]')).toEqual([
    `1:3 ${words}`,
    `3:1 ${words}`,
    `4:1 ${words}`,
    `5:9 x: 0: ${words}`,
  ]);
  expect(told('? [a]\n: 1\nversion: 1')).toHaveLength(2);
});
