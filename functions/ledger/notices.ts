import type { Notice } from '#domain/notice.ts';
import { change, create, listOpen, type OpenMark, read } from './table.ts';

const key = (id: string) => ({ pk: 'notices', sk: id });
const mark = (notice: Notice): OpenMark | undefined =>
  notice.state === 'owed' ? { sort: 'notice', since: notice.createdAt } : undefined;

/** Owes a mail. Its id is deterministic, so the same outcome is owed once, however often it is found. */
export async function oweNotice(
  notice: Pick<Notice, 'id' | 'audience' | 'workloads' | 'createdAt' | 'subject' | 'body'>,
): Promise<void> {
  const owed: Notice = { ...notice, state: 'owed', attempts: 0 };
  await create(key(notice.id), owed, mark(owed));
}

/** As they are now: the index may be a moment old. */
export async function owedNotices(): Promise<readonly Notice[]> {
  const found = await Promise.all((await listOpen('notice')).map(({ pk, sk }) => read<Notice>({ pk, sk })));
  return found.flatMap((each) => each?.record ?? []);
}

export const changeNotice = (id: string, next: (notice: Notice) => Notice | undefined) =>
  change<Notice>(key(id), (notice) => (notice === undefined ? undefined : next(notice)), mark);
