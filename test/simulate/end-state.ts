/**
 * What a case left behind, as text: two cases that left the same have the same night after them, since all that the product
 * remembers is in its table and in EC2. Ids are left out, and of times only whether they are past.
 */
import type { Stage } from '../scenario/stage.ts';
import { managedBackups } from './managed.ts';
import { isManagedLine, managedResources, portraitOf } from './portrait.ts';
import { copiesOf } from './promise-of-copying.ts';
import type { Scene } from './scene.ts';

export async function endStateOf({ stage, scenario }: Scene): Promise<string> {
  const { world } = stage.services.ec2;
  const { backup } = stage.services;
  const nowMs = stage.clock.nowMs();
  const { state, mappings, agent } = world.instance(scenario.instanceId);
  const { mounts, applications } = world.guest(scenario.instanceId).inspect();
  const snapshots = [...world.snapshots.values()].filter(({ goneAtMs }) => goneAtMs === undefined);
  return JSON.stringify([
    scenario.name,
    [...(await ledgerOf(stage))].map((item) => plain(item, nowMs)).sort(),
    snapshots.map((each) => plain([each.state, [...each.tags]], nowMs)).sort(),
    copiesOf({ stage, scenario })
      .map((each) => plain([each.state, [...each.tags]], nowMs))
      .sort(),
    [...world.volumes.values()].map((each) => plain([each.state, [...each.tags], each.attachment], nowMs)),
    managedResources(stage)
      .map(({ status, tags }) => plain([status, [...tags]], nowMs))
      .sort(),
    managedBackups(stage)
      .map(({ state: each, tags = [] }) => plain([each, [...tags]], nowMs))
      .sort(),
    [...backup.world.jobs.values(), ...backup.world.restores.values()].map(({ state: each }) => each),
    portraitOf(stage, scenario.instanceId)
      .split('\n')
      .filter(isManagedLine)
      .map((line) => plain(line, nowMs))
      .sort(),
    plain([state, agent, [...mappings]], nowMs),
    [mounts.map(({ device, frozen }) => [device, frozen]), applications.map(({ name, status }) => [name, status])],
    scenario.isHeld?.(stage),
    stage.services.states.executions().filter(({ status }) => status === 'RUNNING').length,
  ]);
}

async function ledgerOf({ gateway, deployed, drive }: Stage): Promise<readonly object[]> {
  const caller = { kind: 'operator', arn: 'arn:aws:iam::111122223333:user/reader', name: 'reader' } as const;
  const input = { TableName: deployed.HoldfastLedger };
  const { Items = [] } = Object(
    await drive(gateway.perform({ caller, service: 'dynamodb', operation: 'Scan', input })),
  );
  return Items.map(({ version: _, writer: __, ...item }: Record<string, unknown>) => item);
}

/** Words tell what a record says already; tokens fill up by themselves. */
const plain = (value: unknown, nowMs: number): string =>
  JSON.stringify(value, (key, each: unknown) =>
    /^(message|subject|body|evidence|left|drawn)$/.test(key) ? undefined : each,
  )
    .replaceAll(/\d{4}-\d\d-\d\dT[\d:.]+Z/g, (time) => (Date.parse(time) > nowMs ? 'future' : 'past'))
    .replaceAll(/[0-9a-f]{8,}(-[0-9a-f]{4,})*|\d{3,}/g, '#');
