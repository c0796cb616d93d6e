/** `holdfast doctor` against the simulated region: a healthy workload, and several that a night would fail on. */
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, afterEach, beforeEach, expect, it } from 'vitest';
import { stringify } from 'yaml';
import { run } from '#cli/doctor.ts';
import { scriptedTerminal } from '#cli/scripted-terminal.ts';
import type { PolicyInput } from '#domain/policy-schema.ts';
import { isDatabaseHeld } from './scenario/holding.ts';
import { database, databaseId, nightly } from './scenario/policy.ts';
import { closeStage, openStage, type Stage } from './scenario/stage.ts';

const folder = mkdtempSync(join(tmpdir(), 'holdfast-doctor-'));
const policyFile = join(folder, 'holdfast.yaml');
let stage: Stage;

type Hooks = NonNullable<NonNullable<PolicyInput['workloads'][string]>['quiesce']>['hooks'];
const hooked = (hooks: Hooks, instance: { id: string } | { tags: Record<string, string> }) =>
  database({
    members: [{ kind: 'ebs', instance, volumes: 'data' }],
    quiesce: { hooks, onFailure: 'abort' },
    recovery: {},
  });
const onDatabase = { id: databaseId };
const filesystem = { kind: 'filesystem' } as const;

beforeEach(async () => {
  stage = await openStage({ policy: nightly({ 'orders-db': database() }), sns: {} });
});
afterEach(() => closeStage(stage));
afterAll(() => rmSync(folder, { recursive: true }));

/** What the doctor of a workload says, which stays free. */
async function ask(workload: ReturnType<typeof database>) {
  writeFileSync(policyFile, stringify(nightly({ 'orders-db': workload })));
  const terminal = scriptedTerminal();
  const settings = { stack: 'Holdfast', policy: policyFile, debug: false };
  const code = await stage.drive(run({ workload: 'orders-db' }, { terminal, settings }));
  expect(isDatabaseHeld(stage)).toBe(false);
  const [document] = terminal.events;
  const { fit, examinations } = Object(document);
  const findings = examinations.flatMap((each: { subject: string; findings: { problem: string; fix?: string }[] }) =>
    each.findings.map(({ problem, fix }) => `${each.subject}: ${problem} ${fix ?? ''}`.trimEnd()),
  );
  return { code, fit, findings, text: terminal.lines.join('\n') };
}

const launch = (spec: Partial<Parameters<typeof stage.services.ec2.world.launchInstance>[0]>) =>
  stage.services.ec2.world.launchInstance({
    ...{ name: 'other', volumes: [{ device: '/dev/sdf', sizeGib: 8, mountPoint: '/data' }] },
    ...spec,
  });

it('finds nothing where nothing is wrong, and holds nothing still', async () => {
  const { code, fit, findings, text } = await ask(database());
  expect({ code, fit, findings }).toEqual({ code: 0, fit: true, findings: [] });
  expect(text).toContain(`fit      command hook on ${databaseId}`);
  expect(text).toContain(`fit      recovery.verify on ${databaseId}`);
  expect(text).toContain('Nothing speaks against the next run of orders-db.');
});

it('names every hook of a guest that would fail, and what to do', async () => {
  const hooks: Hooks = [
    { kind: 'command', quiesce: '/opt/nothing', release: '/opt/holdfast/release' },
    { kind: 'services', units: ['nothing.service'] },
    { kind: 'filesystem', mounts: ['/nowhere'] },
  ];
  const { code, findings, text } = await ask(hooked(hooks, onDatabase));
  expect(code).toBe(3);
  expect(text.replaceAll(/\s+/g, ' ')).toContain(
    `problem filesystem hook on ${databaseId}: /nowhere is not mounted Mount it, or mend \`mounts\` in the policy.`,
  );
  expect(text).toContain('Nothing was held still. Mend it, and ask again.');
  expect(findings).toEqual([
    `command hook on ${databaseId}: /opt/nothing is not there or not executable Put it there: install -o root -g root -m 0755 <script> <path>`,
    `services hook on ${databaseId}: there is no unit nothing.service on this guest \`systemctl list-units --all\` has the names; mend \`units\` in the policy.`,
    `filesystem hook on ${databaseId}: /nowhere is not mounted Mount it, or mend \`mounts\` in the policy.`,
  ]);
});

it('says where a file system is replicated to, which speaks against nothing', async () => {
  const id = 'fs-0a1b2c3d4e5f60718';
  stage.services.efs.world.create({ id, replicas: ['fs-0e11c4'] });
  const files = { kind: 'efs', resource: id } as const;
  const disk = { kind: 'ebs', instance: onDatabase, volumes: 'data', tier: 2 } as const;
  const hook = { kind: 'command', quiesce: '/opt/holdfast/quiesce', release: '/opt/holdfast/release' } as const;
  const quiesce = { hooks: [{ ...hook, deadlineSeconds: 3600 }], onFailure: 'abort' as const };
  const { code, text } = await ask(database({ members: [files, disk], quiesce }));
  expect(code).toBe(0);
  expect(text.replaceAll(/\s+/g, ' ')).toContain(
    `note efs ${id} is replicated to fs-0e11c4 in eu-central-1, which is no backup`,
  );
});

const filesId = 'fs-0a1b2c3d4e5f60718';
const remote = { kind: 'efs', resource: filesId, tier: 1 } as const;
/** A workload that has no instance but the one that promotes. */
const filesAlone = (verify: string, promoteOn: { id: string }) => {
  const { quiesce: _, ...unheld } = database({ members: [{ ...remote, promoteOn }], recovery: { verify } });
  return unheld;
};

it('asks the instance that would move restored files, by a mount, and for the script that it would be asked for then', async () => {
  stage.services.efs.world.create({ id: filesId });
  const { code, text } = await ask(filesAlone('/opt/holdfast/verify', onDatabase));
  expect(text).toContain(`fit      promotion of efs ${filesId} on ${databaseId}`);
  expect(text).toContain(`fit      recovery.verify on ${databaseId}`);
  expect(text).toContain('fit      promote document');
  expect(code).toBe(0);
  const { findings } = await ask(filesAlone('/opt/nothing', onDatabase));
  expect(findings).toEqual([expect.stringMatching(/^recovery\.verify on i-\w+: \/opt\/nothing is not there/)]);
});

it('tells of an instance that could not move restored files', async () => {
  stage.services.efs.world.create({ id: filesId });
  const away = launch({ name: 'away', agent: 'offline' });
  const { code, findings } = await ask(filesAlone('/opt/holdfast/verify', { id: away.id }));
  expect(code).toBe(3);
  expect(findings).toEqual([
    expect.stringContaining(
      `promotion of efs ${filesId}: efs ${filesId}: the instance that promoteOn names cannot be asked`,
    ),
  ]);
});

it('tells of a database whose version the Region does not offer any more', async () => {
  const { rds } = stage.services;
  rds.world.launch({ name: 'orders', settings: { EngineVersion: '11.22' } });
  rds.world.launchCluster({ name: 'cases', settings: { EngineVersion: '13.9' } });
  const managed = ['rds orders', 'aurora cases'].map((words) => {
    const [kind, resource] = words.split(' ');
    return { kind, resource } as { kind: 'rds' | 'aurora'; resource: string };
  });
  const { quiesce: _quiesce, recovery: _recovery, ...databases } = database({ members: managed });
  expect((await ask(databases)).text).not.toContain('note');
  rds.arrange.versionEnded('11.22', '12.22', '16.4');
  rds.arrange.versionEnded('13.9');
  const { code, text } = await ask(databases);
  expect(code).toBe(0);
  const words = text.replaceAll(/\s+/g, ' ');
  expect(words).toContain('note rds orders runs postgres 11.22, which RDS does not offer any more in this Region');
  expect(words).toContain('aws rds modify-db-instance --db-instance-identifier orders --engine-version 12.22');
  expect(words).toContain('aws rds modify-db-cluster --db-cluster-identifier cases --engine-version <version>');
});

it('looks for the script that a recovery would ask', async () => {
  const { code, findings } = await ask(database({ recovery: { verify: '/opt/nothing' } }));
  expect(code).toBe(3);
  expect(findings).toEqual([expect.stringMatching(/^recovery\.verify on i-\w+: \/opt\/nothing is not there/)]);
});

it('asks the guest for what a recovery would clean up, too', async () => {
  const cleanUp = [{ roots: ['/mnt/sdf'], files: ['TEMP.*'] }];
  const { code, text } = await ask(database({ recovery: { cleanUp } }));
  expect(code).toBe(0);
  expect(text).toContain(`fit      recovery.cleanUp on ${databaseId}`);
});

it('tells of guests that nobody can ask, and asks the others', async () => {
  const tags = { Fleet: 'mixed' };
  const away = launch({ name: 'away', tags, agent: 'offline' });
  const off = launch({ name: 'off', tags, state: 'stopped' });
  const windows = launch({ name: 'windows', tags, platform: 'Windows' });
  const fine = launch({ name: 'fine', tags });
  const { code, findings, text } = await ask(hooked([filesystem], { tags }));
  expect(code).toBe(3);
  const words = findings.join('\n');
  expect(words).toContain(`The SSM agent of ${away.id} is ConnectionLost`);
  expect(words).toContain(`${off.id} is stopped, and its hooks need a running guest: start it`);
  expect(words).toContain(`${windows.id} runs Windows, and hooks hold Linux guests only`);
  expect(findings).toHaveLength(3);
  expect(text).toContain(`fit      filesystem hook on ${fine.id}`);
});

it('does not call fit what gives no answer', async () => {
  stage.services.ssm.arrange.agentDiesMidCommand(databaseId);
  const { code, findings } = await ask(hooked([filesystem], onDatabase));
  expect(code).toBe(3);
  expect(findings).toEqual([expect.stringMatching(/^filesystem hook on i-\w+: Command \S+ gave no answer in time/)]);
});

it('asks every guest of a fleet', async () => {
  const tags = { Fleet: 'large' };
  const ids = Array.from({ length: 12 }, (_, index) => launch({ name: `member-${index}`, tags }).id);
  const { code, text } = await ask(hooked([filesystem], { tags }));
  expect(code).toBe(0);
  for (const id of ids) expect(text).toContain(`fit      filesystem hook on ${id}`);
});

it('says of windows-vss what it cannot tell, and sends nothing', async () => {
  const tags = { Fleet: 'windows' };
  const roleArn = 'arn:aws:iam::111122223333:role/files';
  const { id } = launch({ name: 'files', tags, platform: 'Windows', roleArn });
  const before = stage.calls.of('ssm', 'SendCommand').length;
  const { code, text } = await ask(hooked([{ kind: 'windows-vss' }], { tags }));
  expect(code).toBe(0);
  expect(text.replaceAll(/\s+/g, ' ')).toContain(`not told windows-vss hook on ${id}: Only snapshots would tell.`);
  expect(text).toContain('Nothing that could be looked at speaks against the next run of orders-db.');
  expect(stage.calls.of('ssm', 'SendCommand')).toHaveLength(before);
});

/** Ends a document of the stack's, or puts another in its place. */
function changeDocument(kind: string, change: 'deleted' | 'replaced'): void {
  const documents = stage.deployed.HoldfastDocuments?.split(',') ?? [];
  const name = documents.find((each) => each.startsWith(`${kind}=`))?.slice(kind.length + 1) ?? '';
  if (change === 'deleted') {
    stage.services.ssm.deleteDocument(name);
    return;
  }
  const inputs = { runCommand: ['# holdfast-guest: filesystem-hook'] };
  const mainSteps = [{ action: 'aws:runShellScript', name: 'guest', inputs }];
  stage.services.ssm.createDocument({ name, content: { schemaVersion: '2.2', parameters: {}, mainSteps } });
}

const isDeleted = (kind: string) =>
  expect.stringMatching(`^${kind} document: .* is gone: somebody has deleted it. Deploy this version`);
const isReplaced = (kind: string) =>
  expect.stringMatching(`^${kind} document: .* is not the one of this version of Holdfast. Deploy`);

it('tells of documents that are not of this version, and asks by its own all the same', async () => {
  changeDocument('filesystem', 'replaced');
  changeDocument('command', 'deleted');
  const { code, findings, text } = await ask(database());
  expect(code).toBe(3);
  expect(findings).toEqual([isDeleted('command'), isReplaced('filesystem')]);
  expect(text).toContain(`fit      command hook on ${databaseId}`);
});

it.each([
  ['deleted', isDeleted('doctor')],
  ['replaced', isReplaced('doctor')],
] as const)('sends nothing when its own document is %s', async (change, finding) => {
  changeDocument('doctor', change);
  const { code, findings, text } = await ask(database());
  expect(code).toBe(3);
  expect(findings).toEqual([finding]);
  expect(text).not.toContain(`hook on ${databaseId}`);
  expect(stage.calls.of('ssm', 'SendCommand')).toEqual([]);
});

it('has a guest do nothing but look, whatever it is sent', async () => {
  const sent = async () => {
    await ask(database());
    return stage.calls.of('ssm', 'SendCommand');
  };
  const names = new Set((await sent()).map(({ input }) => Object(input).DocumentName));
  expect([...names]).toEqual([expect.stringContaining('DoctorDocument')]);
});
