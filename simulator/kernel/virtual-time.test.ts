import { readFile } from 'node:fs/promises';
import { afterEach, describe, expect, it } from 'vitest';
import { systemClock } from './clock.ts';
import { realWork } from './real-work.ts';
import { installVirtualTime, type VirtualTime } from './virtual-time.ts';

const START_MS = Date.parse('2026-03-01T02:00:00Z');
let time: VirtualTime | undefined;

function install(): VirtualTime {
  time = installVirtualTime({ startMs: START_MS });
  return time;
}

afterEach(() => {
  time?.uninstall();
  time = undefined;
});

describe('virtual time', () => {
  it('lives through a year in no time', async () => {
    const virtual = install();
    const yearMs = 365 * 86_400_000;
    let nights = 0;
    const timer = setInterval(() => {
      nights += 1;
    }, 86_400_000);
    await virtual.advance(yearMs);
    clearInterval(timer);
    expect(nights).toBe(365);
    expect(Date.now()).toBe(START_MS + yearMs);
  });

  it('lets everything of one instant happen before it jumps to the next', async () => {
    const virtual = install();
    const seen: string[] = [];
    const note = (what: string) => seen.push(`${Date.now() - START_MS} ${what}`);
    setTimeout(async () => {
      for (let read = 0; read < 50; read += 1) await readFile(new URL(import.meta.url));
      await new Promise((resolve) => setImmediate(resolve));
      note('files read');
      setTimeout(() => note('asked for later'), 5);
    }, 10);
    setTimeout(() => note('next'), 20);
    await virtual.advance(20);
    expect(seen).toEqual(['10 files read', '15 asked for later', '20 next']);
  });

  it('stands still while real work is under way', async () => {
    const virtual = install();
    let doneAtMs = 0;
    const turns = async () => {
      for (let turn = 0; turn < 500; turn += 1) await new Promise((resolve) => setImmediate(resolve));
    };
    setTimeout(async () => {
      await realWork(turns);
      doneAtMs = Date.now() - START_MS;
    }, 10);
    setInterval(() => undefined, 1);
    await virtual.advance(100);
    expect(doneAtMs).toBe(10);
  });

  it('finishes what is due at the very end of an advance, and nothing beyond it', async () => {
    const virtual = install();
    const clock = systemClock();
    const seen: string[] = [];
    clock.at(START_MS + 50, async () => {
      await Promise.resolve();
      await clock.sleep(0);
      seen.push('due');
      await clock.sleep(1);
      seen.push('beyond');
    });
    await virtual.advance(50);
    expect(seen).toEqual(['due']);
    await virtual.advance(1);
    expect(seen).toEqual(['due', 'beyond']);
  });

  it('stops at the instant a condition holds, and tells when it never did', async () => {
    const virtual = install();
    let ready = false;
    systemClock().at(START_MS + 42, () => {
      ready = true;
    });
    expect(await virtual.until(() => ready, 1000)).toBe(true);
    expect(virtual.nowMs()).toBe(START_MS + 42);
    expect(await virtual.until(() => false, 1000)).toBe(false);
    expect(virtual.nowMs()).toBe(START_MS + 1042);
  });

  it('passes until work has settled, and answers or throws as that does', async () => {
    const virtual = install();
    const later = <Outcome>(ms: number, outcome: () => Outcome) =>
      new Promise<void>((resolve) => setTimeout(resolve, ms)).then(outcome);
    expect(await virtual.drive(later(5000, () => 'done'))).toBe('done');
    expect(Date.now()).toBe(START_MS + 5000);
    const failing = later(5000, () => {
      throw new Error('its own');
    });
    await expect(virtual.drive(failing)).rejects.toThrow('its own');
    await expect(virtual.drive(new Promise(() => {}), 1000)).rejects.toThrow('not done within 1000 ms');
  });

  it('schedules beyond the longest timer, and cancels', async () => {
    const virtual = install();
    const clock = systemClock();
    const seen: string[] = [];
    clock.at(START_MS + 90 * 86_400_000, () => void seen.push('kept'));
    const cancel = clock.at(START_MS + 60 * 86_400_000, () => void seen.push('cancelled'));
    await virtual.advance(30 * 86_400_000);
    cancel();
    await virtual.advance(59 * 86_400_000);
    expect(seen).toEqual([]);
    await virtual.advance(86_400_000);
    expect(seen).toEqual(['kept']);
  });

  it('follows the wall clock at a chosen speed', async () => {
    const realTimeout = setTimeout;
    const virtual = install();
    const stop = virtual.paceRealTime(1000);
    await new Promise((resolve) => realTimeout(resolve, 120));
    stop();
    expect(virtual.nowMs() - START_MS).toBeGreaterThan(30_000);
  });
});
