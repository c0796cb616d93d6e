/** The mail about addresses that get none: told to those who do. */
import { type Unheard, unheardWords } from '../mail-addresses.ts';
import { command, compose, indented, type Mail } from './layout.ts';

/**
 * @param unheard at least one
 * @param untold workloads of whose failures nobody hears
 */
export function mailUnheard(unheard: readonly Unheard[], untold: readonly string[]): Mail {
  const count = new Set(unheard.map(({ address }) => address)).size;
  return compose(`${count === 1 ? '1 address GETS' : `${count} addresses GET`} NO MAIL of Holdfast`, [
    ['APPLICATIONS: not concerned. Backups go on; only some of those who should be told of them are not.'],
    [
      'The policy names them, and AWS sends them nothing:',
      ...unheard.map((each) => indented(`${unheardWords(each)}.`)),
    ],
    untold.length === 0
      ? []
      : ['When a backup of these fails, NOBODY is told:', ...untold.map((workload) => indented(workload))],
    [
      'Whoever has not confirmed has a mail of AWS, "AWS Notification - Subscription Confirmation", with a link that is valid for some days.',
      'What sends that again, and subscribes again who has unsubscribed:',
      command('doctor'),
    ],
  ]);
}
