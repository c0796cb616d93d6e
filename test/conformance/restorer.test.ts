/** What holds of a recovery of every kind, over the simulated services and the SDK's own clients. */
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { memberKinds } from '#domain/member-kinds.ts';
import { recoveryPhases } from '#domain/recovery.ts';
import { denied, type FaultEffect, throttled } from '#simulator/kernel/faults.ts';
import type { Region } from '#simulator/region.ts';
import { ofKinds } from '../kinds/of-kinds.ts';
import { closeCleanly } from './close-cleanly.ts';
import { openRegion, phase, planned, type Recovering, recover } from './recovering.ts';
import type { RecoveryArrangement, RecoveryArrangements } from './recovery-arrangement.ts';

const found = await ofKinds<{ readonly recoveries: RecoveryArrangements }>('recoveries');
const arrangements = found.flatMap(([, { recoveries }]) => Object.entries(recoveries));

const hourMs = 3_600_000;
const marks = { 'holdfast:stack': 'Holdfast', 'holdfast:recovery': 'recovery-1', 'holdfast:role': 'restored' };

type Operation = readonly [service: string, name: string];

/** The operations that a recovery asks for, and those that undo it. */
async function operationsOf(
  arrangement: RecoveryArrangement,
): Promise<Record<'forward' | 'back', readonly Operation[]>> {
  const region = await openRegion();
  const asked = async (work: Promise<void>): Promise<readonly Operation[]> => {
    region.calls.clear();
    await work;
    const calls = region.calls.all().flatMap(({ call }) => (call.caller.kind === 'operator' ? [call] : []));
    const known = new Map(calls.map(({ service, operation }) => [`${service} ${operation}`, [service, operation]]));
    return [...known.values()].map(([service = '', operation = '']) => [service, operation]);
  };
  try {
    await arrangement.launch(region);
    const recovering = await planned(region, arrangement);
    const forward = await asked(recover(region, recovering));
    return { forward, back: await asked(phase(region, recovering, 'rollBack')) };
  } finally {
    region.close();
  }
}

const cases: [string, RecoveryArrangement, Record<'forward' | 'back', readonly Operation[]>][] = [];
// One region at a time in a process.
for (const [name, arrangement] of arrangements) cases.push([name, arrangement, await operationsOf(arrangement)]);

it('is asked of every kind', () => {
  expect(found.map(([kind]) => kind)).toEqual([...memberKinds]);
});

describe.each(cases)('a recovery of %s', (_, arrangement, { forward, back }) => {
  const { launch, find, everything, isTidied, ungiven } = arrangement;
  let region: Region;
  let before: ReadonlyMap<string, unknown>;

  beforeEach(async () => {
    region = await openRegion();
    await launch(region);
  });

  afterEach(() => closeCleanly(region));

  async function begun(): Promise<Recovering> {
    const recovering = await planned(region, arrangement);
    before = await everything(region);
    return recovering;
  }

  const made = async () => [...(await everything(region)).keys()].filter((id) => !before.has(id));
  const rows = async () => (await find?.(region))?.rows;

  /** Nothing that was there before is gone, and all that was made says by which recovery. */
  async function expectRecovered(): Promise<void> {
    expect([undefined, ['before']]).toContainEqual(await rows());
    const after = await everything(region);
    expect([...before.keys()].filter((id) => !after.has(id))).toEqual([]);
    for (const id of await made()) {
      const { tags }: { readonly tags?: object } = Object(after.get(id));
      expect([undefined, expect.objectContaining(marks)]).toContainEqual(tags);
    }
  }

  /** All is as it was found, and what was made is told, or goes by itself. */
  async function rollBack(recovering: Recovering): Promise<void> {
    await phase(region, recovering, 'rollBack');
    const after = await everything(region);
    expect(new Map([...after].filter(([id]) => before.has(id)))).toEqual(before);
    expect([undefined, ['before', 'a mistake']]).toContainEqual(await rows());
    // What was asked for may still be made.
    await region.time.advance(hourMs);
    const isTold = recovering.target.leaves !== undefined;
    if (isTidied === undefined) expect(isTold).toBe((await made()).length > 0);
  }

  async function during(
    effect: FaultEffect,
    [service, operation]: Operation,
    times: number,
    work: () => Promise<void>,
  ) {
    const remove = region.faults.add({ service, operation, times, effect });
    await work().finally(remove);
  }

  it('has what was written before, and the settings of then, and deletes nothing', async () => {
    const { settings = {} } = (await find?.(region)) ?? {};
    await recover(region, await begun());
    await expectRecovered();
    expect((await find?.(region))?.settings ?? {}).toMatchObject(settings);
    expect(await made()).not.toEqual([]);
  });

  /** There are kinds that give everything back. */
  it.each(ungiven === undefined ? [] : [ungiven])(
    'tells beforehand what it does not give back, and no more',
    async (ungiven) => {
      expect((await begun()).warnings.join('\n')).not.toMatch(ungiven.told);
      await ungiven.give(region);
      const recovering = await begun();
      expect(recovering.warnings.join('\n')).toMatch(ungiven.told);
      expect(await ungiven.isThere(region)).toBe(true);
      await recover(region, recovering);
      expect(await ungiven.isThere(region)).toBe(false);
    },
  );

  it('makes everything once, though each phase is asked twice, and the first answer was never learnt', async () => {
    const recovering = await begun();
    const { target } = recovering;
    await region.drive(recovering.restorer.create(target, recovering.recovery));
    for (const each of recoveryPhases) {
      await phase(region, recovering, each);
      const once = { target: recovering.target, made: await made() };
      await phase(region, recovering, each);
      expect({ target: recovering.target, made: await made() }).toEqual(once);
    }
    await expectRecovered();
    expect(await made()).toHaveLength(arrangement.makes ?? 1);
  });

  it.each(forward)('is done once, though replies of %s:%s are lost', async (...operation) => {
    const recovering = await begun();
    await during({ kind: 'lose-reply' }, operation, 4, () => recover(region, recovering));
    await expectRecovered();
    expect(await made()).toHaveLength(arrangement.makes ?? 1);
  });

  it.each(forward)('is done all the same when %s:%s is throttled for a while', async (...operation) => {
    const recovering = await begun();
    await during(throttled('ThrottlingException', 400), operation, 6, () => recover(region, recovering));
    await expectRecovered();
  });

  it.each(forward)('fails when %s:%s is denied, and is rolled back', async (...operation) => {
    const recovering = await begun();
    const failing = during(denied(), operation, Number.POSITIVE_INFINITY, () => recover(region, recovering));
    await expect(failing).rejects.toMatchObject({ name: 'ProviderFault' });
    await rollBack(recovering);
  });

  it('fails when what it makes breaks, and is rolled back', async () => {
    const recovering = await begun();
    arrangement.newOneBreaks(region);
    await expect(recover(region, recovering)).rejects.toMatchObject({ name: 'ProviderFault' });
    await rollBack(recovering);
  });

  it.each(recoveryPhases)('is rolled back after %s', async (last) => {
    const recovering = await begun();
    await recover(region, recovering, last);
    await rollBack(recovering);
  });

  it.each(back)(
    'is rolled back though replies of %s:%s are lost, and it is throttled for a while',
    async (...operation) => {
      const recovering = await begun();
      await recover(region, recovering, 'verify');
      await during(throttled('ThrottlingException', 400), operation, 4, () =>
        during({ kind: 'lose-reply' }, operation, 2, () => rollBack(recovering)),
      );
    },
  );
});
