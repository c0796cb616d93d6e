import { afterAll, beforeAll, expect, it } from 'vitest';
import { type RegionProcess, startRegion } from './region-process.ts';

let region: RegionProcess;

beforeAll(async () => {
  region = await startRegion(300);
});

afterAll(() => region?.end());

it('a backup and a recovery in place, told by boto3 alone', () => region.python('story.py'));

it('a Python program that fails fails its test', async () => {
  await expect(region.python('failing.py')).rejects.toThrow('FAILED (failures=1)');
});
