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
    const message = `"days" is here twice: line ${line - 1} has it already. Keep one of them, or join what both have.`;
    expect(mistakes(changed)).toEqual([{ line, column: 7, message }]);
  });

  it('is a workload that is there twice', () => {
    const { changed, line } = lineOf('  orders-db:\n', '  appliance:\n');
    expect(mistakes(changed)).toEqual([
      { line, column: 3, message: expect.stringContaining('"appliance" is here twice') },
    ]);
  });

  it('hides none when a key is there twice: what speaks against either of them, and against the rest', () => {
    const { changed, line } = lineOf('    retention:\n', '    retention: { days: 0 }\n    retention:\n');
    const all = changed.replace('minimum: 7 # ... and', 'minimum: 0 # ... and').replace('rpo: 26h', 'rpo: 23h');
    const read = readPolicy(all);
    expect('mistakes' in read && read.mistakes.map((each) => [each.path.join('.'), each.line])).toEqual([
      ['workloads.appliance.retention.days', line],
      ['workloads.appliance.retention', line + 1],
      ['workloads.appliance.retention.minimum', line + 3],
      ['workloads.appliance.objectives.rpo', line + 5],
    ]);
  });

  it('is a merge key, which hides none either', () => {
    const { changed, line } = lineOf(
      '    retention:\n      days: 30',
      '    retention:\n      <<: { minimum: 0 }\n      days: 30',
    );
    expect(mistakes(changed)).toEqual([
      { line: line + 1, column: 7, message: expect.stringMatching(/^Merge keys \(<<\) are not supported/) },
    ]);
    expect(mistakes(changed.replace('minimum: 7', 'mini: 7')).map(({ line }) => line)).toEqual([
      line,
      line + 1,
      line + 3,
    ]);
  });

  it('that others follow from stands alone: a bracket that is not closed, and a tab', () => {
    const yaml = [
      'version: 1',
      'workloads:',
      '  a:',
      '    schedule: { cron: "0 3 * * ? *"',
      '    members:',
      '\t- kind: ebs',
      '        volumes: data',
      '\tb: 1',
    ].join('\n');
    expect(mistakes(yaml)).toEqual([
      {
        line: 4,
        column: 15,
        message: 'This { is never closed: put a } where it ends, at the end of line 4 at the latest.',
      },
      {
        line: 6,
        column: 1,
        message: 'YAML is indented by spaces, and this line by a tab (also line 8): put spaces in its place.',
      },
    ]);
  });

  it.each([
    ['', 'The policy is empty.'],
    ['# nothing\n', 'The policy is empty.'],
    ['just text', 'This must be a mapping (keys and values).'],
    [
      'a: &a [x, x]\nb: &b [*a, *a]\nc: &c [*b, *b, *b, *b, *b]\nd: &d [*c, *c, *c, *c, *c]\ne: [*d, *d, *d]\n',
      'An alias (*name) stands for others that stand for others, too many times over: write the values themselves.',
    ],
  ])('of a text that is no policy at all is told: %j', (yaml, message) =>
    expect(mistakes(yaml)).toEqual([{ line: 1, column: 1, message }]),
  );

  it('comes in the order of the text, whatever the order of settings, also on one line', () => {
    const { changed, line } = lineOf(
      '    retention:\n      days: 30',
      '    retention: { minimum: 0, days: 0 }\n    x:',
    );
    const places = mistakes(changed).map((each) => [each.line, each.column]);
    expect(places).toEqual([
      [line, 18],
      [line, 30],
      [line + 1, 5],
    ]);
  });

  it('behind an alias stands where the values are', () => {
    const { changed } = lineOf('volumes: { devices: [/dev/sdh] }', 'volumes: &bad { devices: [/dev/xxx] }');
    const aliased = changed.replace('volumes: { devices: [/dev/sdf, /dev/sdg, /dev/sdh, /dev/sdi] }', 'volumes: *bad');
    const { line } = lineOf('volumes: { devices: [/dev/sdh] }', '');
    expect(mistakes(aliased).map((mistake) => mistake.line)).toEqual([line, line]);
  });
});

describe('the text of a file', () => {
  it('may have any characters, and a mark of the byte order', () => {
    const named = text.replace('Vendor appliance', 'Gerät 🔒');
    for (const mark of ['', '\uFEFF']) {
      const read = readPolicy(mark + named);
      expect('policy' in read && read.policy.workloads[0]?.description).toBe(
        'Gerät 🔒; its state is on one data volume',
      );
    }
  });

  it.each([
    ['Latin-1', Buffer.from('version: 1\n# für', 'latin1'), 2, 4],
    ['UTF-16 with a mark', Buffer.from('\uFEFFversion: 1', 'utf16le'), 1, 1],
    ['UTF-16 without', Buffer.from('version: 1', 'utf16le'), 1, 2],
  ])('that is in another encoding is told where that shows: %s', (_, bytes, line, column) => {
    const message = expect.stringContaining('save the file as UTF-8');
    expect(mistakes(bytes.toString())).toEqual([{ line, column, message }]);
  });
});
