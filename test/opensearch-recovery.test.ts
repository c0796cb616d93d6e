/** A search domain brought back: its indices beside the present ones, and then the aliases. */
import { afterEach, describe, expect, it } from 'vitest';
import { denied } from '#simulator/kernel/faults.ts';
import { mails } from './scenario/holding.ts';
import { nightly } from './scenario/policy.ts';
import { begin, end, failureOf, recover, recovered } from './scenario/recovering.ts';
import { closeStage, hourMs, openStage, pointsIn, type Stage, until } from './scenario/stage.ts';

let stage: Stage;

afterEach(() => closeStage(stage));

const member = { kind: 'opensearch', resource: 'evidence', repository: 'nightly' } as const;
const opensearch = () => stage.services.opensearch;

/** A night has passed, and a mistake after it. */
async function open(): Promise<void> {
  const schedule = { cron: '0 3 * * ? *', timeZone: 'UTC' };
  stage = await openStage({ policy: nightly({ search: { schedule, members: [member] } }) });
  opensearch().world.launch({
    name: 'evidence',
    indices: { 'cases-1': ['case 1'], people: ['person 1'], '.ds-logs-000001': ['a line'] },
    aliases: { 'cases-1': ['cases', 'cases-write'] },
  });
  await stage.time.advance(3 * hourMs);
  expect(await pointsIn(stage, 'search')).toHaveLength(1);
  indices().get('cases-1')?.documents.push('case 2, a mistake');
}

function domain() {
  const found = opensearch().world.domains.get('evidence');
  if (found === undefined) throw new Error('there is no domain');
  return found;
}
const indices = () => domain().indices;

/** Documents of whatever a name leads to. */
const read = (name: string): readonly string[] =>
  [...indices()].flatMap(([index, { documents, aliases }]) => (index === name || aliases.has(name) ? documents : []));
const made = () => [...indices().keys()].filter((name) => /-new-[0-9a-f]{6}$/.test(name));
const dryRun = async () => JSON.parse((await recover(stage, { workload: 'search', dryRun: true })).output ?? '{}');

describe('a recovery', () => {
  it('makes the indices of then beside the present ones, and leads their aliases to them', async () => {
    await open();
    expect(failureOf(await recover(stage, { workload: 'search' }))).toBe(': ');
    expect(await recovered(stage, 'search')).toMatchObject({ state: 'committed' });
    expect([read('cases'), read('cases-write')]).toEqual([['case 1'], ['case 1']]);
    expect(read('cases-1')).toEqual(['case 1', 'case 2, a mistake']);
    expect(made().map((name) => name.replace(/-new-.*/, ''))).toEqual(['cases-1', 'people']);
    const told = stage.inbox('backups@example.com').at(-1)?.message ?? '';
    expect(told).toMatch(/The 2 recovered indices of opensearch evidence are \*-new-\w{6}\. Those of before are kept/);
  });

  it('tells before what it will not do by itself, and changes nothing for a dry run', async () => {
    await open();
    indices().set('cases-2', { documents: ['case 3'], aliases: new Set(['cases']), health: 'green' });
    const { warnings, calls } = await dryRun();
    expect(warnings).toEqual([
      expect.stringMatching(/no alias leads to people, .* lead them to people-new-\w{6} yourself/),
      expect.stringContaining('the alias cases leads also to cases-2, which is not in the snapshot'),
      expect.stringContaining('1 hidden indices'),
    ]);
    expect(calls).toEqual([
      expect.stringMatching(
        /awscurl .*es\.amazonaws\.com\/_snapshot\/nightly\/holdfast-[^/]+\/_restore.*"indices":"cases-1,people"/,
      ),
      expect.stringMatching(/awscurl .*\/_aliases .*"remove":\{"index":"cases-1","alias":"cases"\}/),
    ]);
    expect(made()).toEqual([]);
  });

  it('gives the name of an index that is lost to an alias', async () => {
    await open();
    indices().delete('people');
    const { warnings } = await dryRun();
    expect(warnings.join('\n')).toMatch(
      /people does not exist any more: an alias of that name will lead to people-new-/,
    );
    expect(failureOf(await recover(stage, { workload: 'search' }, 'recovery-2'))).toBe(': ');
    expect(read('people')).toEqual(['person 1']);
  });

  it('leads the aliases from what an earlier recovery has made', async () => {
    await open();
    await recover(stage, { workload: 'search' });
    const [first = ''] = made();
    indices().get(first)?.documents.push('case 3, another mistake');
    expect(failureOf(await recover(stage, { workload: 'search' }, 'recovery-2'))).toBe(': ');
    expect([read('cases'), read('cases-write')]).toEqual([['case 1'], ['case 1']]);
    expect(read(first)).toEqual(['case 1', 'case 3, another mistake']);
  });

  it('restores once, whatever becomes of the replies', async () => {
    await open();
    stage.faults.add({ service: 'es', operation: 'ESHttpPost', times: 2, effect: { kind: 'lose-reply' } });
    expect(failureOf(await recover(stage, { workload: 'search' }))).toBe(': ');
    expect(made()).toHaveLength(2);
    expect(read('cases')).toEqual(['case 1']);
  });
});

describe('a recovery that fails changes nothing that applications see', () => {
  const unharmed = async () => {
    expect(await recovered(stage, 'search')).toMatchObject({ state: 'rolled-back' });
    expect([read('cases'), read('cases-1')]).toEqual(Array(2).fill(['case 1', 'case 2, a mistake']));
    expect(indices().get('cases-1')?.aliases).toEqual(new Set(['cases', 'cases-write']));
    expect(mails(stage).at(-1)).toContain('rolled back');
  };

  it('because the restored indices never have all of their shards, and says what it has left', async () => {
    await open();
    opensearch().arrange.nextRestoreNeverEnds();
    await recover(stage, { workload: 'search' });
    await unharmed();
    expect((await recovered(stage, 'search'))?.failure?.message).toContain('to have all of their shards');
    expect(stage.inbox('ops@example.com').at(-1)?.message).toMatch(/The 2 indices \*-new-\w{6} of opensearch evidence/);
  });

  it('because the domain does not restore', async () => {
    await open();
    const effect = { kind: 'refuse', code: 'snapshot_restore_exception', message: 'too old', status: 500 } as const;
    stage.faults.add({ service: 'es', operation: 'ESHttpPost', times: 3, effect });
    await recover(stage, { workload: 'search' });
    await unharmed();
    expect((await recovered(stage, 'search'))?.failure?.message).toContain('too old');
  });

  it.each([
    ['the domain says no', () => stage.faults.add({ service: 'es', operation: 'ESHttpGet', effect: denied() })],
    ['somebody deletes the restored ones', () => made().map((name) => indices().delete(name))],
  ] as const)('because %s after the aliases were led to the restored ones', async (_, befall) => {
    await open();
    await begin(stage, { workload: 'search' });
    await until(stage, 'aliases lead to the restored ones', () => read('cases').length === 1, 2 * hourMs);
    befall();
    await end(stage);
    await unharmed();
  });
});

it('has the command that brings the aliases back when nothing but a person can', async () => {
  await open();
  await begin(stage, { workload: 'search' });
  await until(stage, 'aliases lead to the restored ones', () => read('cases').length === 1, 2 * hourMs);
  for (const name of made()) indices().delete(name);
  stage.faults.add({ service: 'es', operation: 'ESHttpPost', times: Number.POSITIVE_INFINITY, effect: denied() });
  await end(stage);
  expect(await recovered(stage, 'search')).toMatchObject({ state: 'stranded' });
  const { subject, message } = stage.inbox('ops@example.com').at(-1) ?? {};
  expect(subject).toContain('STRANDED, the application is DOWN');
  expect(message).toMatch(/aliases lead to \*-new-\w{6}, or nowhere: cases, cases-write\./);
  expect(message).toMatch(
    /awscurl --service es --region eu-west-1 .*es\.amazonaws\.com\/_aliases .*"add":\{"index":"cases-1","alias":"cases"\}/,
  );
});

describe('is refused before anything is made', () => {
  it.each([
    ['with a snapshot that is gone', () => deleteSnapshots(), /The opensearch snapshot holdfast-\S+ is gone/],
    [
      'into a domain that is gone',
      () => opensearch().arrange.setStatus('evidence', 'Deleting'),
      /does not exist any more/,
    ],
    [
      'into a domain that is being changed',
      () => opensearch().arrange.setStatus('evidence', 'Modifying'),
      /is Modifying: wait/,
    ],
    ['into a domain with standby', withStandby, /Multi-AZ with Standby.*update-domain-config --domain-name evidence/],
    ['where its own access control says no', forbid, /refuses it \(no permissions.*docs\/policy\/search\.md/],
  ])('%s, with the reason', async (_, befall, words) => {
    await open();
    befall();
    expect(failureOf(await recover(stage, { workload: 'search' }))).toMatch(words);
    expect(made()).toEqual([]);
  });
});

const deleteSnapshots = () => stage.services.opensearch.arrange.loseSnapshots();

function withStandby(): void {
  opensearch().world.launch({ name: 'evidence', settings: { ClusterConfig: { MultiAZWithStandbyEnabled: true } } });
}

function forbid(): void {
  const effect = { ...denied('security_exception'), message: 'no permissions for [indices:admin/aliases/get]' };
  stage.faults.add({ service: 'es', operation: 'ESHttpGet', times: Number.POSITIVE_INFINITY, effect });
}
