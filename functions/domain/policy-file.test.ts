import { readdirSync, readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { readPolicy } from './policy-file.ts';

const example = (name: string) => readFileSync(new URL(`../../${name}`, import.meta.url), 'utf8');
const text = example('holdfast.yaml');

function mistakes(changed: string) {
  const read = readPolicy(changed);
  return 'mistakes' in read ? read.mistakes.map(({ line, column, message }) => ({ line, column, message })) : [];
}
/** The example with one line changed: the mistake must be on that line. */
function lineOf(from: string, to: string) {
  const line = text.slice(0, text.indexOf(from)).split('\n').length;
  expect(text).toContain(from);
  return { changed: text.replace(from, to), line };
}

describe('the examples', () => {
  const examples = readdirSync(new URL('../../examples', import.meta.url)).map((file) => `examples/${file}`);

  it.each(['holdfast.yaml', ...examples])('%s has no mistake', (name) => {
    expect(readPolicy(example(name))).toMatchObject({ policy: { version: 1 }, notes: [] });
  });

  it('name the appliance and the database', () => {
    const read = readPolicy(text);
    expect('policy' in read && read.policy.workloads).toMatchObject([
      { name: 'appliance', members: [{ instance: { id: 'i-0a1b2c3d4e5f60718' } }] },
      { name: 'orders-db', members: [{ instance: { tags: { Name: 'orders-db' } } }] },
    ]);
  });
});

describe('a mistake', () => {
  it.each([
    ['    retention:\n      days: 30 # a point', '    retentoin:\n      days: 30 # a point', 5],
    ['minimum: 7 # ... and', 'minimum: 0 # ... and', 7],
    ['- kind: filesystem', '- kind: file-system', 11],
    ['mounts: auto', 'mounts: [/]', 20],
    ['timeZone: Europe/London # local', 'timeZone: Europe/Lodnon # local', 7],
    ['appliance:\n    desc', 'Appliance:\n    desc', 3],
  ])('stands at its own line and column: %s', (from, to, column) => {
    const { changed, line } = lineOf(from, to);
    expect(mistakes(changed)).toEqual([{ line, column, message: expect.any(String) }]);
  });

  it('about something missing stands where it should be', () => {
    const { changed, line } = lineOf('          release: /opt/holdfast/release-orders-db\n', '');
    expect(mistakes(changed)).toEqual([{ line: line - 2, column: 11, message: '"release" is missing.' }]);
  });

  it('is a key that is there twice', () => {
    const { changed, line } = lineOf('      minimum: 7 # ... and', '      days: 31 #');
    expect(mistakes(changed)).toEqual([{ line, column: 7, message: expect.stringContaining('unique') }]);
  });

  it('is a workload that is there twice', () => {
    const { changed, line } = lineOf('  orders-db:\n', '  appliance:\n');
    expect(mistakes(changed)).toEqual([{ line, column: 3, message: expect.stringContaining('unique') }]);
  });

  it.each([
    ['', 'The policy is empty.'],
    ['# nothing\n', 'The policy is empty.'],
    ['version: [1', 'must'],
    ['a: b: c', 'Nested mappings'],
    ['version: 1\n---\nversion: 1\n', 'multiple documents'],
    ['version: !secret x\n', 'Unresolved tag'],
    ['just text', 'mapping'],
    [
      'a: &a [x, x]\nb: &b [*a, *a]\nc: &c [*b, *b, *b, *b, *b]\nd: &d [*c, *c, *c, *c, *c]\ne: [*d, *d, *d]\n',
      'alias',
    ],
  ])('in the YAML itself is told as one: %j', (yaml, words) => {
    const all = mistakes(yaml);
    expect(all.map(({ message }) => message).join()).toContain(words);
    expect(all[0]).toMatchObject({ line: expect.any(Number), column: expect.any(Number) });
  });

  it('behind an alias stands where the values are', () => {
    const { changed } = lineOf('volumes: { devices: [/dev/sdh] }', 'volumes: &bad { devices: [/dev/xxx] }');
    const aliased = changed.replace('volumes: { devices: [/dev/sdf, /dev/sdg, /dev/sdh, /dev/sdi] }', 'volumes: *bad');
    const { line } = lineOf('volumes: { devices: [/dev/sdh] }', '');
    expect(mistakes(aliased).map((mistake) => mistake.line)).toEqual([line, line]);
  });
});
