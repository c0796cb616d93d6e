import { expect } from 'vitest';
import type { Region } from '#simulator/region.ts';

/** After each test: the region has nothing to complain of, and every fault that was arranged has happened. */
export function closeCleanly(region: Region): void {
  const complaints = [...region.complaints(), ...region.faults.unused().map((rule) => JSON.stringify(rule))];
  region.close();
  expect(complaints).toEqual([]);
}
