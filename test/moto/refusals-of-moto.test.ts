import { afterAll, beforeAll, expect, it } from 'vitest';
import { makeAurora, makeCache, makeInstance, makeMemory, makeTable } from './make.ts';
import { type Moto, startMoto } from './moto-process.ts';
import { made, makeSnapshots, refusals } from './refusals.ts';

let moto: Moto;

beforeAll(async () => {
  moto = await startMoto();
  for (const make of [makeInstance, makeAurora, makeTable, makeCache, makeMemory]) await make(made.resource);
  await makeSnapshots();
});

afterAll(() => moto?.end());

it.each(refusals)('moto refuses $what', async ({ ask, error, moto: other = error }) => {
  await expect(ask()).rejects.toMatchObject({ name: other });
});
