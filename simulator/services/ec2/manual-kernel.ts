import { createCallLog } from '../../kernel/call-log.ts';
import type { Clock } from '../../kernel/clock.ts';
import { createFaults } from '../../kernel/faults.ts';
import { seededRandom } from '../../kernel/random.ts';
import type { Call, Kernel, Service, ServiceEvent } from '../../kernel/service.ts';

/** A kernel without a gateway for tests of single services: time moves only by `advance`. */
export interface ManualKernel extends Kernel {
  /** Every event emitted so far. */
  readonly events: ServiceEvent[];
  /** Lives through so many milliseconds. */
  advance(ms: number): Promise<void>;
  /** Calls one operation as the operator. Output typed by the caller's expectation. */
  call<Output>(service: Service, operation: string, input: object): Promise<Output>;
}

const START_MS = Date.UTC(2026, 0, 15, 2, 0, 0);

export function createManualKernel(seed = 1): ManualKernel {
  const clock = createManualClock();
  const events: ServiceEvent[] = [];
  return {
    clock,
    random: seededRandom(seed),
    faults: createFaults(),
    calls: createCallLog(),
    account: '111122223333',
    regionName: 'eu-west-1',
    emit: (event) => void events.push(event),
    events,
    advance: clock.advance,
    call: async <Output>(service: Service, operation: string, input: object) => {
      const run = service.operations[operation];
      if (!run) {
        throw new Error(`${service.name} has no operation ${operation}`);
      }
      const call: Call = {
        id: 'call',
        service: service.name,
        operation,
        caller: { kind: 'operator', arn: 'arn:aws:iam::111122223333:user/operator', name: 'operator' },
        timeMs: clock.nowMs(),
      };
      return (await run(input, call)) as Output;
    },
  };
}

function createManualClock(): Clock & { advance(ms: number): Promise<void> } {
  let nowMs = START_MS;
  let order = 0;
  const queue = new Set<{ readonly atMs: number; readonly order: number; readonly run: () => void | Promise<void> }>();
  const at = (atMs: number, run: () => void | Promise<void>) => {
    const entry = { atMs: Math.max(Math.ceil(atMs), nowMs), order: order++, run };
    queue.add(entry);
    return () => void queue.delete(entry);
  };
  return {
    nowMs: () => nowMs,
    at,
    sleep: (ms) => new Promise((resolve) => void at(nowMs + ms, resolve)),
    advance: async (ms) => {
      const untilMs = nowMs + ms;
      for (;;) {
        await new Promise((resolve) => setImmediate(resolve));
        const next = [...queue].sort((a, b) => a.atMs - b.atMs || a.order - b.order)[0];
        if (!next || next.atMs > untilMs) {
          break;
        }
        queue.delete(next);
        nowMs = next.atMs;
        void next.run();
      }
      nowMs = untilMs;
    },
  };
}
