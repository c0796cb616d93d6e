import { daysAfter } from '#domain/expiry.ts';
import type { Mail } from '#domain/mail/layout.ts';
import type { Notice } from '#domain/notice.ts';
import { change, create, listOpen, type Place, read } from './table.ts';

const key = (id: string) => ({ pk: 'notices', sk: id });
/** Longer than anything that could owe the same mail again. */
const keptDays = 60;
const placeOf = (notice: Notice): Place =>
  notice.state === 'owed'
    ? { open: { sort: 'notice', since: notice.createdAt } }
    : { keptUntil: daysAfter(notice.createdAt, keptDays) };

/** Owes a mail. Its id is deterministic, so the same outcome is owed once, however often it is found. */
export async function oweNotice(
  notice: Pick<Notice, 'id' | 'audience' | 'workloads' | 'createdAt' | 'subject' | 'body'>,
): Promise<void> {
  const owed: Notice = { ...notice, state: 'owed', attempts: 0 };
  await create(key(notice.id), owed, placeOf(owed));
}

/**
 * Owes it to whoever hears of a workload's failures.
 * @param id of what has happened: `run/<run id>/failed`
 * @param createdAt ISO 8601; default now
 */
export const oweFailureMail = (
  workload: string,
  id: string,
  mail: Mail,
  createdAt = new Date().toISOString(),
): Promise<void> => oweNotice({ id, audience: 'failures', workloads: [workload], createdAt, ...mail });

/** As they are now: the index may be a moment old. */
export async function owedNotices(): Promise<readonly Notice[]> {
  const found = await Promise.all((await listOpen('notice')).map(({ pk, sk }) => read<Notice>({ pk, sk })));
  return found.flatMap((each) => each?.record ?? []);
}

export const changeNotice = (id: string, next: (notice: Notice) => Notice | undefined) =>
  change<Notice>(key(id), (notice) => (notice === undefined ? undefined : next(notice)), placeOf);
