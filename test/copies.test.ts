/** Points of which a copy is wanted in another Region: one set or none, beside the point, which is whole whatever becomes of it. */
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DynamoDBClient, GetItemCommand } from '@aws-sdk/client-dynamodb';
import { CopySnapshotCommand, DeleteSnapshotCommand, EC2Client } from '@aws-sdk/client-ec2';
import { afterAll, afterEach, describe, expect, it } from 'vitest';
import { stringify } from 'yaml';
import { run as doctor } from '#cli/doctor.ts';
import { run as listPoints } from '#cli/points.ts';
import { scriptedTerminal } from '#cli/scripted-terminal.ts';
import { run as status } from '#cli/status.ts';
import type { Point } from '#domain/point.ts';
import type { PointCopy } from '#domain/point-copy.ts';
import type { PolicyInput } from '#domain/policy-schema.ts';
import { denied, type FaultRule, throttled } from '#simulator/kernel/faults.ts';
import type { RegionOptions } from '#simulator/region.ts';
import type { SnapshotRecord } from '#simulator/services/ec2/records.ts';
import { exampleWorkload } from './scenario/example.ts';
import { mails } from './scenario/holding.ts';
import { appliance, applianceId, nightly } from './scenario/policy.ts';
import { functionNamed } from './scenario/recovering.ts';
import { copyTo, key, keyId, region } from './scenario/second-region.ts';
import {
  closeStage,
  dayMs,
  failuresAddress,
  hourMs,
  minuteMs,
  openStage,
  pointsIn,
  redeploy,
  reportsAddress,
  type Stage,
  until,
} from './scenario/stage.ts';
import { invokeAtOnce, stopSchedules, stopSweep, thinOutSweeps, toldBy } from './scenario/sweeps.ts';

const folder = mkdtempSync(join(tmpdir(), 'holdfast-copies-'));
let stage: Stage;

afterEach(() => closeStage(stage));
afterAll(() => rmSync(folder, { recursive: true }));

const orders = nightly({ 'orders-db': exampleWorkload('second-region', 'orders-db', { copyTo }) });
/** One volume, and so one copy, a night. */
const small = (changes: Parameters<typeof appliance>[0] = {}) =>
  nightly({ appliance: appliance({ copyTo, ...changes }) });

async function open(policy: PolicyInput = orders, options: RegionOptions = {}): Promise<void> {
  stage = await openStage({ policy, neighbours: [region], ...options });
  stage.neighbour(region).services.kms.createKey({ id: keyId });
}

/** Just after the first night's points were sealed, and before any copy of them is begun. */
async function openSealed(policy?: PolicyInput, options?: RegionOptions): Promise<void> {
  await open(policy, options);
  const begin = stopSweep(stage, 'Settle');
  const name = Object.keys((policy ?? orders).workloads)[0] ?? '';
  for (let waited = 0; (await copyOf(name)) === undefined && waited < 40; waited += 1)
    await stage.time.advance(10 * minuteMs);
  begin();
}

const elsewhere = () => stage.neighbour(region).services.ec2;
/** Copies that exist, in the order in which they were asked for. */
const there = (): readonly SnapshotRecord[] =>
  [...elsewhere().world.snapshots.values()].filter(({ goneAtMs }) => goneAtMs === undefined);
const copiedRuns = () => [...new Set(there().map(({ tags }) => tags.get('holdfast:copied-run')))];
const copyOf = async (workload = 'orders-db'): Promise<PointCopy | undefined> =>
  (await pointsIn(stage, workload))[0]?.copy;
const asked = () => stage.calls.of('ec2', 'CopySnapshot').filter(({ errorCode }) => errorCode === undefined);
const fault = (effect: FaultRule['effect'], more: Partial<FaultRule> = {}) =>
  stage.faults.add({ service: 'ec2', operation: 'CopySnapshot', effect, ...more });
const settings = () => ({ stack: 'Holdfast', policy: join(folder, 'holdfast.yaml'), debug: false });
const bodyOf = (words: string) => stage.inbox(failuresAddress).find(({ subject }) => subject.includes(words))?.message;

/** What a command prints, on one line. */
async function printed(command: typeof status, typed: object, policy = orders): Promise<string> {
  writeFileSync(settings().policy, stringify(policy));
  const terminal = scriptedTerminal();
  await stage.drive(command(typed, { terminal, settings: settings() }));
  return terminal.lines.join('\n').replaceAll(/\s+/g, ' ');
}

describe('a night that is copied', () => {
  it('is sealed first, then copied whole under the key there, with tags that tell all without the ledger', async () => {
    await openSealed();
    expect(await copyOf()).toMatchObject({ state: 'waiting', region });
    expect(there()).toEqual([]);
    await stage.time.advance(2 * hourMs);
    const [point] = await pointsIn(stage, 'orders-db');
    expect(point?.copy).toMatchObject({ state: 'whole' });
    expect(there().map(({ state, kmsKeyId }) => [state, kmsKeyId])).toEqual(Array(4).fill(['completed', key]));
    const [artifact] = point?.artifacts ?? [];
    const copy = there().find(({ tags }) => tags.get('holdfast:copy-of') === artifact?.id);
    expect(copy?.disk).toEqual(stage.services.ec2.world.snapshots.get(artifact?.id ?? '')?.disk);
    expect(Object.fromEntries(copy?.tags ?? [])).toEqual({
      'holdfast:stack': 'Holdfast',
      'holdfast:workload': 'orders-db',
      'holdfast:copied-run': point?.id,
      'holdfast:copied-from': 'eu-west-1',
      'holdfast:copy-of': artifact?.id,
      'holdfast:taken': artifact?.startedAt,
      'holdfast:copy': 'whole',
      'holdfast:tier': '1',
      'holdfast:instance': 'i-0d47aba5e00000001',
      'holdfast:count': '4',
      'holdfast:role': 'copy',
      'holdfast:verdict': 'application-consistent',
      'holdfast:expires': new Date(Date.parse(point?.takenAt ?? '') + 2 * dayMs).toISOString(),
      'holdfast:source': artifact?.source,
      [`holdfast:volume:${artifact?.source}`]: expect.stringContaining('/dev/sdf gp3 100GiB'),
    });
    expect(asked()).toHaveLength(4);
    expect(mails(stage)).toEqual([]);
  });

  it('may be encrypted with a key of its owner’s here, and is so with the one there', async () => {
    const volumes = { devices: ['/dev/sdf'] };
    await open(small({ members: [{ kind: 'ebs', instance: { tags: { Name: 'vault' } }, volumes }] }));
    const kmsKeyId = stage.services.kms.createKey({ alias: 'vault' }).arn;
    const volume = { device: '/dev/sdf', sizeGib: 10, encrypted: true, kmsKeyId };
    stage.services.ec2.world.launchInstance({ name: 'vault', volumes: [volume] });
    await stage.time.advance(5 * hourMs);
    expect(await copyOf('appliance')).toMatchObject({ state: 'whole' });
    expect(there().map((copy) => copy.kmsKeyId)).toEqual([key]);
  });

  it('is not begun any more once the policy has no copies', async () => {
    await openSealed();
    await redeploy(
      stage,
      nightly({ 'orders-db': exampleWorkload('second-region', 'orders-db', { copyTo: undefined }) }),
    );
    await stage.time.advance(hourMs);
    expect(await copyOf()).toMatchObject({ state: 'passed over' });
    expect(asked()).toEqual([]);
    expect(mails(stage)).toEqual([]);
  });

  it('says that it is whole only once all of it is complete', async () => {
    await openSealed();
    const last = (await copyOf())?.parts.at(-1)?.of ?? '';
    elsewhere().arrange.copyNeverEnds(last);
    await stage.time.advance(3 * hourMs);
    expect(await copyOf()).toMatchObject({ state: 'copying', parts: [...Array(3).fill({ isComplete: true }), {}] });
    expect(new Set(there().map(({ tags }) => tags.get('holdfast:copy')))).toEqual(new Set(['incomplete']));
    expect(await printed(listPoints, { workload: 'orders-db' })).toContain('copying, 3 of 4');
    elsewhere().arrange.snapshotEnds(there().find(({ state }) => state === 'pending')?.id ?? '');
    await stage.time.advance(10 * minuteMs);
    expect(await copyOf()).toMatchObject({ state: 'whole' });
    expect(new Set(there().map(({ tags }) => tags.get('holdfast:copy')))).toEqual(new Set(['whole']));
  });

  it('is shown by points, status and the digest', async () => {
    await open();
    await stage.time.advance(5 * hourMs);
    expect(await printed(listPoints, { workload: 'orders-db' })).toMatch(/State Copy .* sealed whole/);
    const id = (await copyOf())?.parts[0]?.id;
    const evidence = await printed(listPoints, { workload: 'orders-db', evidence: true });
    expect(evidence).toContain(`copy in ${region}: whole, whole since`);
    expect(evidence).toContain(`${id} copy of`);
    expect(await printed(status, {})).toMatch(/copy 2 h 59 min ago/);
    await stage.time.advance(dayMs);
    const digest = stage.inbox(reportsAddress).at(-1)?.message ?? '';
    expect(digest).toContain(`Newest whole copy in ${region}: orders-db-2026011`);
  });

  it('takes no second copy when a reply is lost', async () => {
    await openSealed();
    fault({ kind: 'lose-reply' });
    await stage.time.advance(3 * hourMs);
    expect(await copyOf()).toMatchObject({ state: 'whole' });
    expect(asked()).toHaveLength(4);
    expect(there()).toHaveLength(4);
    expect(mails(stage)).toEqual([]);
  });

  it.each(Array.from({ length: 7 }, (_, index) => index + 1))(
    'takes none either when the function that begins it dies after its call %i',
    async (afterCalls) => {
      await openSealed(small());
      stage.services.lambda.crash({ functionName: functionNamed(stage, 'Settle'), afterCalls });
      await stage.time.advance(2 * hourMs);
      expect(await copyOf('appliance')).toMatchObject({ state: 'whole' });
      expect(asked()).toHaveLength(1);
      expect(there()).toHaveLength(1);
    },
  );

  it('asks again for what was asked for in vain', async () => {
    await openSealed();
    fault({ kind: 'refuse', code: 'InternalError', message: 'oops', status: 500 });
    await stage.time.advance(3 * hourMs);
    expect(await copyOf()).toMatchObject({ state: 'whole' });
    expect(there()).toHaveLength(4);
  });

  it('deletes what the network had made twice', async () => {
    await openSealed();
    fault({ kind: 'deliver-twice' });
    await stage.time.advance(3 * hourMs);
    expect(elsewhere().world.snapshots.size).toBe(5);
    expect(await copyOf()).toMatchObject({ state: 'whole' });
    expect(
      there()
        .map(({ id }) => id)
        .sort(),
    ).toEqual((await copyOf())?.parts.map(({ id }) => id).sort());
  });

  it('leaves alone what only its tags call a copy', async () => {
    await openSealed(small());
    await until(stage, 'asked for', () => there().length === 1);
    const [copy] = there();
    if (copy === undefined) throw new Error('There is no copy.');
    const forged = { ...copy, id: 'snap-0f0f0f0f0f0f0f0f0', description: 'Accounts of last year' };
    elsewhere().world.snapshots.set(forged.id, forged);
    await stage.time.advance(2 * hourMs);
    expect(await copyOf('appliance')).toMatchObject({ state: 'whole', parts: [{ id: copy.id }] });
    expect(stage.calls.of('ec2', 'DeleteSnapshot')).toEqual([]);
  });

  it('is asked for once by sweeps that meet', async () => {
    await openSealed(small());
    // What one of them writes down comes after the others have read that nobody has.
    const isClaim = (input: unknown) => JSON.stringify(input).includes('askedAt');
    const slow = { kind: 'delay', ms: 5000 } as const;
    stage.faults.add({ service: 'dynamodb', operation: 'PutItem', when: isClaim, effect: slow });
    await invokeAtOnce(stage, 'Settle', 3);
    expect(asked()).toHaveLength(1);
    await stage.time.advance(2 * hourMs);
    expect(await copyOf('appliance')).toMatchObject({ state: 'whole' });
    expect(there()).toHaveLength(1);
  });
});

describe('a Region that takes no more', () => {
  it('is asked again later: while it throttles, and while others copy to it', async () => {
    await openSealed();
    fault(throttled(), { times: 6 });
    await stage.time.advance(20 * minuteMs);
    expect(await copyOf()).toMatchObject({ state: 'copying' });
    await stage.time.advance(3 * hourMs);
    expect(await copyOf()).toMatchObject({ state: 'whole' });
    expect(there()).toHaveLength(4);
    expect(mails(stage)).toEqual([]);
  });

  it('has as many copies under way as its limit, and all become whole in the end', async () => {
    await openSealed(orders, { ec2: { limits: { copiesInProgress: 1 } } });
    await stage.time.advance(20 * minuteMs);
    expect(there().length).toBeLessThan(4);
    await stage.time.advance(6 * hourMs);
    expect(await copyOf()).toMatchObject({ state: 'whole' });
    expect(there()).toHaveLength(4);
    expect(mails(stage)).toEqual([]);
  });

  it('is left some room, by workloads together', async () => {
    const names = ['crowd-0', 'crowd-1'];
    const devices = ['f', 'g', 'h', 'i', 'j', 'k', 'l', 'm', 'n', 'o'].map((letter) => `/dev/sd${letter}`);
    const member = (name: string) =>
      ({ kind: 'ebs', instance: { tags: { Name: name } }, volumes: { devices } }) as const;
    await open(
      nightly(Object.fromEntries(names.map((name) => [name, appliance({ copyTo, members: [member(name)] })]))),
      { ec2: { durations: { completeSnapshotPerGib: 2 * minuteMs } } },
    );
    for (const name of names) {
      const volumes = devices.map((device) => ({ device, sizeGib: 10 }));
      stage.services.ec2.world.launchInstance({ name, volumes });
    }
    let most = 0;
    const look = () => {
      most = Math.max(most, there().filter(({ state }) => state === 'pending').length);
      return false;
    };
    await stage.time.until(look, 4 * hourMs);
    expect(most).toBe(16);
    for (const name of names) expect(await copyOf(name)).toMatchObject({ state: 'whole' });
    expect(asked()).toHaveLength(20);
  });

  it('has the newest first when it takes some again, and passes older ones over', async () => {
    await open(small());
    const end = fault(throttled(), { times: Number.POSITIVE_INFINITY });
    thinOutSweeps(stage, 3);
    await stage.time.advance(2 * dayMs + 5 * hourMs);
    end();
    await stage.time.advance(8 * hourMs);
    const states = (await pointsIn(stage, 'appliance')).map(({ copy }) => copy?.state);
    expect(states).toEqual(['whole', 'passed over', 'passed over']);
    expect(asked()).toHaveLength(1);
  });
});

describe('a copy that fails', () => {
  it('is told once, makes the set none, is deleted, and the next night is copied again', async () => {
    await openSealed();
    elsewhere().arrange.copyFails((await copyOf())?.parts[1]?.of ?? '');
    await stage.time.advance(2 * hourMs);
    const problem = expect.stringContaining('is in error: An internal error occurred.');
    expect(await copyOf()).toMatchObject({ state: 'failed', failure: { problem } });
    expect(new Set(there().map(({ tags }) => tags.get('holdfast:copy')))).not.toContain('whole');
    const subject = `orders-db: the copy of a point in ${region} FAILED; the point itself is whole`;
    expect(mails(stage)).toEqual([subject]);
    expect(bodyOf('FAILED')).toContain('An internal error occurred.');
    await stage.time.advance(2 * hourMs);
    expect(there()).toEqual([]);
    expect((await pointsIn(stage, 'orders-db'))[0]?.broken).toBeUndefined();
    await stage.time.advance(dayMs);
    expect(await copyOf()).toMatchObject({ state: 'whole' });
    expect(copiedRuns()).toEqual([(await pointsIn(stage, 'orders-db'))[0]?.id]);
    expect(mails(stage)).toEqual([subject]);
  });

  it('fails when its key cannot be used, which is told by the copies alone', async () => {
    await open();
    stage.neighbour(region).services.kms.disable(keyId);
    await stage.time.advance(6 * hourMs);
    expect(await copyOf()).toMatchObject({ state: 'failed' });
    expect(bodyOf('FAILED')).toContain('Given key ID is not accessible');
    expect(there()).toEqual([]);
  });

  it('fails when it is denied for good', async () => {
    await open();
    fault(denied('UnauthorizedOperation'), { skip: 2 });
    await stage.time.advance(6 * hourMs);
    expect(await copyOf()).toMatchObject({ state: 'failed' });
    expect(bodyOf('FAILED')).toContain('UnauthorizedOperation');
    expect(asked()).toHaveLength(2);
    expect(there()).toEqual([]);
  });

  it('is not given up when nobody may look once', async () => {
    await openSealed();
    await stage.time.until(() => asked().length === 4, hourMs);
    const caller = `function:${functionNamed(stage, 'Settle')}`;
    const effect = denied('UnauthorizedOperation');
    stage.faults.add({ service: 'ec2', operation: 'DescribeSnapshots', caller, times: 1, effect });
    await stage.time.advance(2 * hourMs);
    expect(await copyOf()).toMatchObject({ state: 'whole' });
    expect(mails(stage)).toEqual([]);
  });

  it('is given up after three days, and its point stays as long as it is read', async () => {
    await openSealed(small({ retention: { days: 1, minimum: 1 } }));
    elsewhere().arrange.copyNeverEnds((await copyOf('appliance'))?.parts[0]?.of ?? '');
    thinOutSweeps(stage, 3);
    await stage.time.advance(2.5 * dayMs);
    const oldest = async () => (await pointsIn(stage, 'appliance')).at(-1);
    expect(await oldest()).toMatchObject({ copy: { state: 'copying' } });
    expect((await oldest())?.retire?.doneAt).toBeUndefined();
    await stage.time.advance(dayMs);
    expect(await oldest()).toMatchObject({ copy: { state: 'failed' }, retire: { doneAt: expect.anything() } });
    expect((await pointsIn(stage, 'appliance')).slice(0, 2).map(({ copy }) => copy?.state)).toContain('whole');
  });
});

describe('copies whose time is over', () => {
  it('go together, and the last whole one never does', async () => {
    await open(orders);
    thinOutSweeps(stage, 6);
    await stage.time.advance(3 * dayMs + 12 * hourMs);
    const runs = (await pointsIn(stage, 'orders-db')).map(({ id }) => id);
    expect(runs).toHaveLength(4);
    expect(copiedRuns()).toEqual(runs.slice(0, 2).toReversed());
    expect(there()).toHaveLength(8);
    stopSchedules(stage);
    await stage.time.advance(10 * dayMs);
    expect(copiedRuns()).toEqual(runs.slice(0, 1));
    expect(there()).toHaveLength(4);
    expect((await pointsIn(stage, 'orders-db')).map(({ copy }) => copy?.retire?.doneAt === undefined)).toEqual([
      ...[true, false, false, false],
    ]);
  });

  it('stay when their owner has raised the retention there since their deletion was planned, and refused', async () => {
    const kept = (days: number) => small({ copyTo: { ...copyTo, retention: { days, minimum: 1 } } });
    await open(kept(2));
    thinOutSweeps(stage, 3);
    const effect = denied('UnauthorizedOperation');
    const mend = stage.faults.add({ service: 'ec2', operation: 'DeleteSnapshot', times: Infinity, effect });
    await stage.time.advance(3 * dayMs);
    const oldest = async () => (await pointsIn(stage, 'appliance')).at(-1);
    expect((await oldest())?.copy?.retire).toBeDefined();
    mend();
    await redeploy(stage, kept(30));
    await stage.time.advance(6 * hourMs);
    expect(await oldest()).toMatchObject({ copy: { state: 'whole' } });
    expect((await oldest())?.copy?.retire).toBeUndefined();
    expect(copiedRuns()).toContain((await oldest())?.id);
  });

  it('keep the record of their point, which may be retired long before', async () => {
    const retention = { days: 1, minimum: 1 };
    await open(small({ retention, copyTo: { ...copyTo, retention: { days: 4, minimum: 1 } } }));
    thinOutSweeps(stage, 3);
    await stage.time.advance(3 * dayMs);
    const oldest = async () => (await pointsIn(stage, 'appliance')).at(-1);
    expect(await oldest()).toMatchObject({ retire: { doneAt: expect.anything() }, copy: { state: 'whole' } });
    expect(await expiryOfRecord(await oldest())).toBeUndefined();
    await stage.time.advance(2 * dayMs);
    const { doneAt = '' } = (await oldest())?.copy?.retire ?? {};
    expect(await expiryOfRecord(await oldest())).toBe(Math.ceil((Date.parse(doneAt) + 60 * dayMs) / 1000));
  });

  it('stay when a later one has failed', async () => {
    await open(small());
    await stage.time.advance(5 * hourMs);
    stage.neighbour(region).services.kms.disable(keyId);
    thinOutSweeps(stage, 3);
    await stage.time.advance(4 * dayMs);
    expect(copiedRuns()).toEqual([(await pointsIn(stage, 'appliance')).at(-1)?.id]);
  });

  it('are none of this stack’s when they have not its tag', async () => {
    await open(small());
    await stage.time.advance(5 * hourMs);
    const client = new EC2Client({ region });
    const SourceSnapshotId = (await pointsIn(stage, 'appliance'))[0]?.artifacts[0]?.id;
    const Tags = [{ Key: 'holdfast:copy-of', Value: SourceSnapshotId }];
    const TagSpecifications = [{ ResourceType: 'snapshot' as const, Tags }];
    const foreign = await stage.drive(
      client.send(new CopySnapshotCommand({ SourceRegion: 'eu-west-1', SourceSnapshotId, TagSpecifications })),
    );
    thinOutSweeps(stage, 6);
    await stage.time.advance(4 * dayMs);
    expect(there().map(({ id }) => id)).toContain(foreign.SnapshotId);
    const caller = { kind: 'role', arn: retireRole(), name: 'test' } as const;
    const input = { SnapshotId: foreign.SnapshotId };
    const byHand = stage
      .neighbour(region)
      .gateway.perform({ caller, service: 'ec2', operation: 'DeleteSnapshot', input });
    await expect(stage.drive(byHand)).rejects.toMatchObject({ name: 'UnauthorizedOperation' });
  });
});

/** When DynamoDB deletes a point's record, epoch seconds. */
async function expiryOfRecord(point: Point | undefined): Promise<number | undefined> {
  const Key = { pk: { S: `workload#${point?.workload}` }, sk: { S: `point#${point?.id}` } };
  const command = new GetItemCommand({ TableName: stage.deployed.HoldfastLedger, Key });
  const { Item } = await stage.drive(new DynamoDBClient({}).send(command));
  return Item?.expires?.N === undefined ? undefined : Number(Item.expires.N);
}

function retireRole(): string {
  const name = functionNamed(stage, 'Retire');
  const call = stage.calls.of('dynamodb', 'Query').find(({ call }) => call.caller.name === `function:${name}`);
  return call?.call.caller.arn ?? '';
}

describe('a copy that loses a part', () => {
  it('is told of within a day, and counts no more', async () => {
    await open();
    await stage.time.advance(5 * hourMs);
    const lost = (await copyOf())?.parts[2]?.id;
    await stage.drive(new EC2Client({ region }).send(new DeleteSnapshotCommand({ SnapshotId: lost })));
    const first = (await pointsIn(stage, 'orders-db'))[0]?.id;
    const isTold = () => mails(stage).some((subject) => subject.includes('is not whole any more'));
    await until(stage, 'it is told of', isTold, dayMs + hourMs);
    const broken = (await pointsIn(stage, 'orders-db')).find(({ id }) => id === first)?.copy;
    expect(broken).toMatchObject({
      state: 'failed',
      failure: { problem: expect.stringContaining(`${lost}, copy of`) },
    });
    expect(bodyOf('not whole any more')).toContain('CloudTrail of that Region');
  });
});

describe('copies that are behind', () => {
  it('are told once, shown by status, and told when they have caught up', async () => {
    await open(small());
    stage.neighbour(region).services.kms.disable(keyId);
    thinOutSweeps(stage, 2);
    await stage.time.advance(4 * dayMs);
    const behind = `[Holdfast] appliance: its copies in ${region} are BEHIND`;
    expect(toldBy(stage).filter((subject) => subject === behind)).toHaveLength(1);
    expect(bodyOf('BEHIND')).toContain(`Newest whole copy in ${region}: NONE.`);
    expect(await printed(status, {}, small())).toMatch(/no copy .* ALARM copies none/);
    stage.neighbour(region).services.kms.enable(keyId);
    await stage.time.advance(dayMs + 12 * hourMs);
    expect(toldBy(stage).at(-1)).toBe(
      `[Holdfast] appliance: its copies in ${region} are as new as they should be again`,
    );
  });
});

describe('the doctor', () => {
  async function examined() {
    writeFileSync(settings().policy, stringify(small()));
    const terminal = scriptedTerminal();
    await stage.drive(doctor({ workload: 'appliance' }, { terminal, settings: settings() }));
    const { fit, examinations } = Object(terminal.events[0]);
    const of = examinations.find(({ subject }: { subject: string }) => subject === `copies of ebs in ${region}`);
    return { fit, problems: of.findings.map(({ problem }: { problem: string }) => problem) };
  }

  it('has nothing against a Region and a key that can be used', async () => {
    // Everybody has confirmed to be told.
    await open(small(), { sns: {} });
    expect(await examined()).toEqual({ fit: true, problems: [] });
  });

  it('tells of a key that is disabled, and of one that is not there', async () => {
    await open(small());
    stage.neighbour(region).services.kms.disable(keyId);
    expect(await examined()).toEqual({ fit: false, problems: [expect.stringContaining('is Disabled, so every copy')] });
  });

  it('tells of a Region that cannot be reached', async () => {
    stage = await openStage({ policy: small() });
    const { fit, problems } = await examined();
    expect(fit).toBe(false);
    expect(problems[0]).toContain(`Is ${region} enabled for this account`);
  });
});

it('are of no workload that says nothing of them, nor is any right of it', async () => {
  await open(nightly({ appliance: appliance() }));
  await stage.time.advance(5 * hourMs);
  expect((await pointsIn(stage, 'appliance'))[0]?.copy).toBeUndefined();
  expect(there()).toEqual([]);
  // Every workload is looked at in an hour of its own.
  for (let hour = 0; hour < 24; hour += 1) {
    await stage.time.advance(hourMs);
    expect(await invokeAtOnce(stage, 'Retire', 1)).toEqual([undefined]);
  }
  const statements = stage.identities.roles().flatMap(({ policies }) => policies.flatMap((each) => each.statements));
  expect(JSON.stringify(statements)).not.toContain('CopySnapshot');
  expect(stage.services.ec2.world.instance(applianceId).state).toBe('running');
});
