import { readTransaction } from '#simulator/guest/application.ts';
import type { Region } from '#simulator/region.ts';
import { same, that } from '../checks.ts';
import { installScripts, ordersDevices, ordersFiles, ordersName, scripts } from '../fleet.ts';
import type { Act } from '../stage.ts';

/** Half way through, the owner's own script says that the recovered database does not work. */
export const rollBack: Act = {
  id: 'roll-back',
  title: 'A recovery that fails half way, and is rolled back',
  async play({ region, operate, narrator }) {
    const { world } = region.services.ec2;
    const guest = world.guest(ordersName);
    const before = { volumes: volumesOf(region), transaction: transactionOf(region) };
    narrator.say(
      `${ordersName} works, at transaction ${before.transaction}; somebody wants last night’s state, and the verify script will not accept it.`,
    );
    guest.installProgram(scripts.verify, () => ({
      exitCode: 1,
      stdout: '',
      stderr: 'orders: index page 7 is unreadable\n',
    }));
    const { exitCode, events } = await operate(`recover ${ordersName} --yes --reason "wrong prices since noon"`);
    installScripts(guest);
    const outcome = events.findLast(
      ({ event }) => event === 'rolled-back' || event === 'stranded' || event === 'committed',
    )?.event;
    const after = { volumes: volumesOf(region), transaction: transactionOf(region) };
    narrator.moment(
      region.clock.nowMs(),
      `${ordersName} is ${world.instance(ordersName).state} at transaction ${after.transaction}`,
    );
    return [
      same('the recovery was rolled back', 'rolled-back', String(outcome)),
      same('the command line says so', '1', String(exitCode)),
      same('the instance is on its original volumes', before.volumes, after.volumes),
      same('it runs, as it did before', 'running', world.instance(ordersName).state),
      same('the database writes', 'running', guest.inspect().applications[0]?.status ?? 'gone'),
      that(
        'nothing that it had written is lost',
        after.transaction >= before.transaction,
        `${before.transaction} or later`,
        String(after.transaction),
      ),
    ];
  },
};

const volumesOf = ({ services }: Region) =>
  ordersDevices.map((device) => services.ec2.world.volumeAt(ordersName, device).id).join(' ');

const transactionOf = ({ services }: Region) =>
  readTransaction(
    services.ec2.world
      .guest(ordersName)
      .read(ordersFiles[0] ?? '')
      ?.replace(' closed', ''),
  )?.transaction ?? -1;
