/** The mails about keys that recovery points need and that cannot be used, and that they can be again. */
import {
  type About,
  atWords,
  command,
  compose,
  indented,
  type Mail,
  type Paragraph,
  pointLines,
  quoted,
} from './layout.ts';

export interface NeededKey {
  /** ARN. */
  readonly key: string;
  /** KMS's word, or `missing`. */
  readonly state: string;
  /** How many live points need it, of how many. */
  readonly points: number;
  readonly of: number;
}

/** @param about `keys`: at least one */
export function keysUnusable(about: About & { readonly keys: readonly NeededKey[] }): Mail {
  const { workload, keys } = about;
  return compose(`${workload.name}: recovery points CANNOT BE DECRYPTED, their KMS key cannot be used`, [
    [
      'APPLICATION: not concerned as long as it runs: attached volumes need the key no more. Once its instance is stopped, it does not start again.',
      'Backups go on, and look good; but nothing that is encrypted with the key can be recovered.',
    ],
    ...keys.map(keyLines),
    keys.some(({ state }) => state === 'PendingDeletion') ? lastDays : [],
    pointLines(about),
    ['Holdfast looks every day, and says when they can be used again. The points:', command(`points ${workload.name}`)],
  ]);
}

const lastDays: Paragraph = [
  'WHEN A KEY IS DELETED, EVERYTHING UNDER IT IS LOST FOR EVER, whatever the retention says. KMS waits for 7 to 30 days from when the deletion was asked for.',
];

function keyLines({ key, state, points, of }: NeededKey): Paragraph {
  return [`${points} of ${of} points need this key:`, quoted(`${key} is ${state}`), ...wayBack(key, state)];
}

/** https://docs.aws.amazon.com/kms/latest/developerguide/key-state.html */
function wayBack(key: string, state: string): Paragraph {
  if (state === 'missing') return ['It does not exist any more, and nothing brings it back.'];
  const enable = indented(`aws kms enable-key --key-id ${key}`);
  if (state === 'Disabled') return ['Bring it back:', enable];
  if (state === 'PendingDeletion') {
    return ['Bring it back, now:', indented(`aws kms cancel-key-deletion --key-id ${key}`), enable];
  }
  return ['What it lacks:', indented(`aws kms describe-key --key-id ${key}`)];
}

export function keysUsable(about: About & { readonly sinceAt: string }): Mail {
  const { workload, sinceAt } = about;
  return compose(`${workload.name}: the keys of its recovery points can be used again`, [
    ['APPLICATION: not concerned.'],
    [`They could not be used since ${atWords(sinceAt)}, when it was first seen. All points can be decrypted now.`],
    pointLines(about),
  ]);
}
