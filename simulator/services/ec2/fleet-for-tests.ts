import type { Ec2, Ec2Options } from './ec2.ts';
import { createEc2 } from './ec2.ts';
import { createManualKernel, type ManualKernel } from './manual-kernel.ts';

export interface TestFleet {
  readonly kernel: ManualKernel;
  readonly ec2: Ec2;
  /** Id of the one machine: a root on /dev/xvda, data on /dev/sdf and /dev/sdg, an application over both. */
  readonly instanceId: string;
  /** An EC2 call as the operator makes it. */
  ask<Output>(operation: string, input: object): Promise<Output>;
  /** The code that EC2 refuses the call with; throws when it does not. */
  refusal(operation: string, input: object): Promise<string>;
  volumeId(device: string): string;
}

/** One machine named `db`, with exact durations, and volumes visible at once unless told otherwise. */
export function createTestFleet(options: Ec2Options = {}): TestFleet {
  const kernel = createManualKernel();
  const ec2 = createEc2(kernel, { jitter: 0, ...options, durations: { visibility: 0, ...options.durations } });
  const { id } = ec2.world.launchInstance({
    id: 'i-0123456789abcdef0',
    name: 'db',
    tags: { 'holdfast:workload': 'shop' },
    volumes: [
      { device: '/dev/sdf', sizeGib: 100, mountPoint: '/data', tags: { part: 'data' } },
      {
        device: '/dev/sdg',
        sizeGib: 20,
        mountPoint: '/log',
        tags: { part: 'log', 'aws:cloudformation:stack-name': 'shop' },
      },
    ],
    applications: [{ name: 'shop', files: ['/data/table', '/log/journal'] }],
  });
  const ask = <Output>(operation: string, input: object) => kernel.call<Output>(ec2, operation, input);
  return {
    kernel,
    ec2,
    instanceId: id,
    ask,
    refusal: (operation, input) =>
      ask(operation, input).then(
        () => {
          throw new Error(`${operation} was not refused`);
        },
        (error: Error) => error.name,
      ),
    volumeId: (device) => ec2.world.volumeAt('db', device).id,
  };
}
