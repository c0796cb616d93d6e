/**
 * How long writers wait for a hook, on real servers of this machine (needs root, and what `test/guest/setup.sh` installs): the
 * product's own scripts quiesce and release at once, while a client commits a transaction every millisecond.
 */
import { loadavg } from 'node:os';
import { setTimeout as pause } from 'node:timers/promises';
import { accountTables, transfer } from '../../test/guest/bank.ts';
import { removeClonePool } from '../../test/guest/clone-pool.ts';
import { type LoopVolume, loopVolume, run, until } from '../../test/guest/loop-volume.ts';
import { mariadbServer } from '../../test/guest/mariadb-server.ts';
import { postgresqlServer } from '../../test/guest/postgresql-server.ts';
import { type SteadyWriter, steadyWriter } from '../../test/guest/steady-writer.ts';
import { testGuest } from '../../test/guest/test-guest.ts';

export interface Held {
  readonly kind: string;
  /** Of each hold: the client's longest pause between two acknowledgements. */
  readonly pausesMs: readonly number[];
  /** The same where the bare lock or freeze is taken and let go by hand, in turn with the holds. */
  readonly leastMs: readonly number[];
  /** Processes that wanted to run. */
  readonly load: number;
}

interface Setting {
  readonly kind: string;
  readonly parameters: Readonly<Record<string, string>>;
  readonly writer: SteadyWriter;
  /** Holds and lets go with nothing of the product in between. */
  readonly bare: () => Promise<unknown>;
  readonly remove: () => Promise<void>;
}

/** @param holds of each kind */
export async function measureHeld(holds: number): Promise<readonly Held[]> {
  const measured: Held[] = [];
  for (const setUp of [withFilesystem, withPostgresql, withMariadb]) measured.push(await measure(await setUp(), holds));
  removeClonePool();
  return measured;
}

async function measure({ kind, parameters, writer, bare, remove }: Setting, holds: number): Promise<Held> {
  const guest = testGuest('dash');
  const pausesMs: number[] = [];
  const leastMs: number[] = [];
  for (let hold = 1; hold <= holds; hold += 1) {
    const request = { kind, parameters, run: `bench-${hold}` };
    pausesMs.push(
      await longestPause(writer, async () => {
        const { report } = await guest.ask('quiesce', request);
        const released = await guest.ask('release', request);
        if (report?.result !== 'quiesced' || released.report?.by !== 'release') throw new Error(released.stderr);
      }),
    );
    leastMs.push(await longestPause(writer, bare));
  }
  await remove();
  guest.remove();
  return { kind, pausesMs, leastMs, load: loadavg()[0] ?? Number.NaN };
}

async function longestPause(writer: SteadyWriter, action: () => Promise<unknown>): Promise<number> {
  writer.forgetPauses();
  await action();
  const before = writer.acknowledged();
  await until(() => writer.acknowledged() > before + 5);
  return writer.longestPauseMs();
}

async function withPostgresql(): Promise<Setting & { readonly mount: string }> {
  const volume = loopVolume('ext4', 400);
  const server = postgresqlServer(volume.mount);
  await server.start();
  await server.ask(accountTables);
  const writer = steadyWriter(server.client(), (number) => `${transfer(number)}\n\\warn ack ${number}`);
  await pause(1000);
  const parameters = { port: '5432', socket: server.socket, mode: 'freeze', volumes: 'all' };
  const remove = removal(writer, server, volume);
  const bare = () => freezeAndThaw(volume);
  return { kind: 'postgresql', parameters, writer, bare, remove, mount: volume.mount };
}

async function withFilesystem(): Promise<Setting> {
  const { mount, ...setting } = await withPostgresql();
  return { ...setting, kind: 'filesystem', parameters: { mounts: mount, volumes: 'all' } };
}

const freezeAndThaw = ({ mount }: LoopVolume) =>
  run('sh', ['-c', `sync -f ${mount} && fsfreeze -f ${mount} && fsfreeze -u ${mount}`]);

async function withMariadb(): Promise<Setting> {
  const volume = loopVolume('ext4', 400);
  const server = mariadbServer(volume.mount);
  await server.start();
  await server.ask(`CREATE DATABASE bank; USE bank; ${accountTables}`);
  const writer = steadyWriter(server.client('bank'), (number) => `${transfer(number)} SELECT 'ack ${number}';`);
  await pause(1000);
  const bare = async () => {
    await run('sync', ['-f', volume.mount]);
    await server.ask(
      'BACKUP STAGE START; BACKUP STAGE FLUSH; BACKUP STAGE BLOCK_DDL; BACKUP STAGE BLOCK_COMMIT; BACKUP STAGE END',
    );
  };
  const parameters = { socket: server.socket, patienceSeconds: '5', volumes: 'all' };
  return { kind: 'mysql', parameters, writer, bare, remove: removal(writer, server, volume) };
}

const removal =
  (writer: SteadyWriter, server: { remove(): Promise<void> }, volume: LoopVolume) => async (): Promise<void> => {
    await writer.stop();
    await server.remove();
    volume.remove();
  };
