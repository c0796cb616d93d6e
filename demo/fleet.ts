/** The two machines that `holdfast.yaml` protects, running and writing. For the demo and for `holdfast region`. */
import type { Guest, GuestProgram, ProgramResult } from '#simulator/guest/guest.ts';
import type { Region } from '#simulator/region.ts';

export const applianceId = 'i-0a1b2c3d4e5f60718';
export const applianceDevice = '/dev/sdh';
export const applianceFile = '/srv/appliance/state';

export const ordersName = 'orders-db';
export const ordersDevices = ['/dev/sdf', '/dev/sdg', '/dev/sdh', '/dev/sdi'] as const;
export const ordersFiles = ordersDevices.map((_, stripe) => `/data/${stripe}/orders`);

/** Paths as `holdfast.yaml` names them. */
export const scripts = {
  quiesce: '/opt/holdfast/quiesce-orders-db',
  release: '/opt/holdfast/release-orders-db',
  verify: '/opt/holdfast/verify-orders-db',
} as const;

/** Puts both machines into the region. */
export function launchFleet({ services }: Region): void {
  const { world } = services.ec2;
  world.launchInstance({
    id: applianceId,
    name: 'appliance',
    volumes: [{ device: applianceDevice, sizeGib: 20, mountPoint: '/srv', tags: { Name: 'appliance-data' } }],
    applications: [{ name: 'appliance', files: [applianceFile] }],
  });
  world.launchInstance({
    name: ordersName,
    type: 'r5.xlarge',
    volumes: ordersDevices.map((device, stripe) => ({
      ...{ device, sizeGib: 50, iops: 6000, throughput: 250, mountPoint: `/data/${stripe}` },
      tags: { Name: `orders-db-${stripe}` },
    })),
    applications: [{ name: 'orders', files: ordersFiles, transactionsPerSecond: 20 }],
  });
  installScripts(world.guest(ordersName));
}

/** What the owner of the database has put on the machine. */
export function installScripts(guest: Guest): void {
  guest.installProgram(scripts.quiesce, quiesceOrders);
  guest.installProgram(scripts.release, releaseOrders);
  guest.installProgram(scripts.verify, verifyOrders);
}

const said = (exitCode: number, text: string): ProgramResult =>
  exitCode === 0 ? { exitCode, stdout: `${text}\n`, stderr: '' } : { exitCode, stdout: '', stderr: `${text}\n` };

const checkpointMs = 400;

const quiesceOrders: GuestProgram = async (guest) => {
  await guest.sleep(checkpointMs);
  return guest.holdApplication('orders') ? 0 : said(1, 'orders: no checkpoint, the database does not answer');
};

const releaseOrders: GuestProgram = (guest) => {
  guest.resumeApplication('orders');
  return 0;
};

const verifyOrders: GuestProgram = (guest) => {
  const orders = guest.inspect().applications.find(({ name }) => name === 'orders');
  if (orders?.status !== 'running') return said(1, `orders: ${orders?.status ?? 'not installed'}`);
  return said(0, `orders: running at ${orders.current[0]}`);
};
