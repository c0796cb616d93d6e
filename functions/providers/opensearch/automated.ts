/**
 * What the service keeps by itself: a snapshot an hour for 14 days, of which none is part of a point, and from which it restores red indices by itself.
 * https://docs.aws.amazon.com/opensearch-service/latest/developerguide/managedomains-snapshots.html
 */
import { keptIn } from './repository.ts';

/**
 * A night does not depend on them, so what cannot be asked is told, and no more.
 * @param words as in `opensearch traces`
 * @returns a sentence for each of the service's own repositories
 */
export const automatedNotes = (words: string, host: string, repositories: readonly string[]): Promise<string[]> =>
  Promise.all(
    repositories.map(async (repository) => {
      const told = await keptWords(host, repository).catch(
        (error: unknown) => `keeps some, and does not say which (${error})`,
      );
      return `${words} by itself ${told}: in ${repository}, no part of any point. From these the service restores indices that are red for an hour.`;
    }),
  );

async function keptWords(host: string, repository: string): Promise<string> {
  const whole = (await keptIn(host, repository)).filter(({ status }) => status === 'SUCCESS');
  const newest = Math.max(...whole.map(({ end_epoch }) => Number(end_epoch ?? 0)));
  if (whole.length === 0) return 'keeps no automated snapshot that is whole';
  const count = whole.length === 1 ? '1 automated snapshot' : `${whole.length} automated snapshots`;
  return `keeps ${count}, the newest of ${new Date(newest * 1000).toISOString()}`;
}
