import { that } from '../checks.ts';
import { ordersName } from '../fleet.ts';
import type { Act } from '../stage.ts';

const settleMs = 10 * 60_000;
/** What ought to have been told by now, and nothing of it twice. */
const expected = [
  `${ordersName}: backup FAILED`,
  'appliance: RECOVERED',
  `${ordersName}: recovery FAILED and was rolled back`,
];

/** Every mail, by subject. */
export const inbox: Act = {
  id: 'inbox',
  title: 'What people were told, and how everything stands',
  async play({ region, narrator, operate }) {
    await region.time.advance(settleMs);
    const mails = region.services.sns.mails();
    for (const { timeMs, address, subject } of mails) {
      narrator.block(
        `${new Date(timeMs).toISOString().slice(5, 16).replace('T', ' ')}  ${address.padEnd(20)}  ${subject}`,
      );
    }
    narrator.say('');
    await operate('status');
    return expected.map((words) => {
      const count = mails.filter(({ subject }) => subject.includes(words)).length;
      return that(`one mail says “${words}”`, count === 1, '1', String(count));
    });
  },
};
