/** Sends the mails that are owed: the only function that may publish. Its own failure raises an alarm. */
import * as z from 'zod/mini';
import type { Notice } from '#domain/notice.ts';
import { changeNotice, owedNotices } from '#ledger/notices.ts';
import { asFault } from '#platform/aws-errors.ts';
import { sns } from '#platform/clients/sns.ts';
import { toldOf } from '#platform/deployed-policy.ts';
import { environment } from '#platform/environment.ts';
import { step } from '#platform/step.ts';

/** Whatever woke it: what is owed is in the ledger. */
export const input = z.unknown();

export interface Output {
  readonly sent: number;
}

/** Longer than this function may run: a claim that old belongs to a sender that died. */
const claimMs = 120_000;

export async function report(): Promise<Output> {
  const outcomes = await Promise.allSettled((await owedNotices()).map(send));
  for (const outcome of outcomes) if (outcome.status === 'rejected') throw outcome.reason;
  return { sent: outcomes.filter((outcome) => outcome.status === 'fulfilled' && outcome.value).length };
}

/** True when this call sent it; false when another sender is at it or has done it. */
async function send(notice: Notice): Promise<boolean> {
  if (!(await claim(notice))) return false;
  await publish(notice);
  const sentAt = new Date().toISOString();
  await changeNotice(notice.id, (now) => ({ ...now, state: 'sent', sentAt }));
  return true;
}

async function claim({ id }: Notice): Promise<boolean> {
  const claimedAt = new Date().toISOString();
  let isMine = false;
  await changeNotice(id, (now) => {
    const isFree = now.claimedAt === undefined || Date.parse(claimedAt) - Date.parse(now.claimedAt) > claimMs;
    isMine = now.state === 'owed' && isFree;
    return isMine ? { ...now, claimedAt, attempts: now.attempts + 1 } : undefined;
  });
  return isMine;
}

async function publish({ id, audience, workloads, subject, body }: Notice): Promise<void> {
  try {
    const attributes = { workload: toldOf(workloads) };
    await sns().publish({ topicArn: environment.topic(audience), subject, message: body, attributes });
  } catch (error) {
    throw asFault(error, `sending the mail ${id}`);
  }
}

export const handler = step('report', input, report);
