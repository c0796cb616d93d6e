import { createCallLog } from './call-log.ts';
import { type Clock, systemClock } from './clock.ts';
import { createFaults } from './faults.ts';
import { seededRandom } from './random.ts';
import type { Kernel, ServiceEvent } from './service.ts';

export interface KernelOptions {
  readonly seed: number;
  /** Default `123456789012`. */
  readonly account?: string;
  /** Default `eu-west-1`. */
  readonly regionName?: string;
  /** Default: `systemClock()`. */
  readonly clock?: Clock;
}

export interface OpenKernel extends Kernel {
  /** Hands every event that is emitted from now on to `listener` too; the bus decides on faults and delivery. */
  onEvent(listener: (event: ServiceEvent) => void): void;
}

/** The ground that services are built on. Whoever is the event bus subscribes with `onEvent`. */
export function createKernel(options: KernelOptions): OpenKernel {
  const listeners: ((event: ServiceEvent) => void)[] = [];
  return {
    clock: options.clock ?? systemClock(),
    random: seededRandom(options.seed),
    faults: createFaults(),
    calls: createCallLog(),
    account: options.account ?? '123456789012',
    regionName: options.regionName ?? 'eu-west-1',
    emit(event) {
      for (const listener of listeners) listener(event);
    },
    onEvent: (listener) => void listeners.push(listener),
  };
}
