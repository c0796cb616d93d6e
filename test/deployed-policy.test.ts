/** A policy that is not the one that is deployed: what is edited, checked and never deployed is backed up by nobody. */
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, afterEach, beforeEach, describe, expect, it } from 'vitest';
import { stringify } from 'yaml';
import { run as backup } from '#cli/backup.ts';
import { run as doctor } from '#cli/doctor.ts';
import { run as plan } from '#cli/plan.ts';
import { scriptedTerminal } from '#cli/scripted-terminal.ts';
import type { Run } from '#cli/shell.ts';
import { run as status } from '#cli/status.ts';
import type { PolicyInput } from '#domain/policy-schema.ts';
import { appliance, database, nightly } from './scenario/policy.ts';
import { closeStage, openStage, type Stage } from './scenario/stage.ts';

const folder = mkdtempSync(join(tmpdir(), 'holdfast-deployed-policy-'));
const file = join(folder, 'holdfast.yaml');
let stage: Stage;

const deployed = nightly({ appliance: appliance(), 'orders-db': database() });
/** `orders-db` is renamed, and the appliance is kept longer. */
const edited = nightly({ appliance: appliance({ retention: { days: 60 } }), 'new-db': database() });

beforeEach(async () => {
  stage = await openStage({ policy: deployed });
});
afterEach(() => closeStage(stage));
afterAll(() => rmSync(folder, { recursive: true }));

/** What a command prints of a policy, on one line, and its first document. */
async function say(command: Run, policy: PolicyInput, typed: object = {}) {
  writeFileSync(file, stringify(policy));
  const terminal = scriptedTerminal();
  const settings = { stack: 'Holdfast', policy: file, debug: false };
  const code = await stage.drive(command(typed, { terminal, settings }));
  const text = [...terminal.remarks, ...terminal.lines].join(' ').replaceAll(/\s+/g, ' ');
  return { code, text, document: Object(terminal.events[0]) };
}

describe('a policy that is not what is deployed', () => {
  it('is told by status, which knows of no next run of what is not deployed', async () => {
    const { text, document } = await say(status, edited);
    expect(document.policy).toEqual({
      undeployed: ['new-db'],
      differing: ['appliance'],
      deployedOnly: ['orders-db'],
      sharesNothing: false,
    });
    const [first, second] = document.workloads;
    expect([first.workload, typeof first.nextRunAt]).toEqual(['appliance', 'string']);
    expect([second.workload, second.nextRunAt]).toEqual(['new-db', undefined]);
    expect(text).toContain('NOT DEPLOYED new-db: in this policy and not deployed; nothing backs it up.');
    expect(text).toContain('differs appliance: deployed otherwise than this policy says');
    expect(text).toContain('deployed alone orders-db: deployed and not in this policy');
    expect(text).toContain(`npx cdk deploy -c policy=${file}`);
    const one = await say(status, edited, { workload: 'appliance' });
    expect(one.document.policy).toMatchObject({ undeployed: [], differing: ['appliance'], deployedOnly: [] });
  });

  it('is not to be deployed over another policy’s stack, which would lose its backups', async () => {
    const { text } = await say(status, nightly({ 'new-db': database() }));
    expect(text).toContain("The stack Holdfast is another policy's: give --stack, --policy or --region.");
    expect(text).not.toContain('cdk deploy');
  });

  it('is told by the doctor, which has looked at nights that the policy would have', async () => {
    const { text, document } = await say(doctor, edited, { workload: 'new-db' });
    expect(document.policy.undeployed).toEqual(['new-db']);
    expect(text).toContain('NOT DEPLOYED new-db: in this policy and not deployed; nothing backs it up.');
  });

  it('is told with the plan, which is of what will be', async () => {
    const { code, document } = await say(plan, edited);
    expect(code).toBe(0);
    expect(document.policy.undeployed).toEqual(['new-db']);
  });

  it('is told before a backup, which goes by what is deployed', async () => {
    const { text } = await say(backup, edited, { workload: 'appliance', wait: false });
    expect(text).toContain('appliance: deployed otherwise than this policy says; runs and recoveries go by what is');
  });
});

it('a policy that is what is deployed is told nowhere', async () => {
  const said = [
    await say(status, deployed),
    await say(plan, deployed),
    await say(backup, deployed, { workload: 'appliance', wait: false }),
  ];
  for (const { text, document } of said) {
    expect(document.policy).toBeUndefined();
    expect(text).not.toMatch(/differs|deployed/i);
  }
});
