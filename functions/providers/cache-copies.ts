/**
 * Copies of caches' snapshots in their own Region, under another key: named after their snapshot, so whatever was asked for is found by its name, and no
 * second one can be made.
 * https://docs.aws.amazon.com/AmazonElastiCache/latest/dg/backups-copying.html
 * https://docs.aws.amazon.com/memorydb/latest/devguide/snapshots-copying.html
 */
import { copyName } from '#domain/artifact-export.ts';
import { providerFault } from '#domain/faults.ts';
import { codeOf, isUnderWay } from '#platform/aws-errors.ts';
import { environment } from '#platform/environment.ts';
import { stateOf } from './cache-snapshot.ts';
import type { Exporter } from './exporter.ts';
import { keyProblem } from './place-problems.ts';
import { tagList } from './tag-list.ts';

/** One service's calls; errors are thrown as they come. */
export interface CopyCalls {
  readonly kind: 'elasticache' | 'memorydb';
  /** As its service shows it now, in its own word; undefined: there is none of that name. */
  status(name: string, resource: string): Promise<string | undefined>;
  copy(order: CopyOrder): Promise<unknown>;
  /** As an operator would type it. */
  line(order: Omit<CopyOrder, 'tags'>): string;
}

export interface CopyOrder {
  /** That the snapshot is of. */
  readonly resource: string;
  /** Names of snapshots. */
  readonly from: string;
  readonly to: string;
  readonly key: string;
  readonly tags: ReturnType<typeof tagList>;
}

export const cacheCopies = (calls: CopyCalls): Exporter => ({
  ...{ kind: calls.kind, makes: 'copy' },
  look: async ({ id, source }) => {
    const name = copyName(id);
    const [copy, snapshot] = await Promise.all([name, id].map((each) => calls.status(each, source)));
    // Also what is itself being copied may say `copying`.
    if (isAvailable(copy)) return { files: [name], isWhole: true, isBusy: false };
    if (copy !== undefined && stateOf(copy) === 'error') throw providerFault(`The copy ${name} is ${copy}.`);
    if (copy === undefined && snapshot === undefined) throw providerFault(`The snapshot ${id} is gone.`);
    return { files: [], isWhole: false, isBusy: copy !== undefined || !isAvailable(snapshot) };
  },
  begin: async ({ id, source }, key, tags) => {
    try {
      await calls.copy({ resource: source, from: id, to: copyName(id), key, tags: tagList(tags) });
    } catch (error) {
      if (!isUnderWay(error) && !codeOf(error).includes('AlreadyExists')) throw error;
    }
  },
  problems: async (_, key) => {
    const [, , , region = ''] = key.split(':');
    const here = environment.region();
    if (region === here) return keyProblem({ region, key });
    return [`The key ${key} is in ${region}, and the copies stay in ${here}: name a key of ${here} in copy.kmsKey.`];
  },
  line: ({ id, source }, key) => calls.line({ resource: source, from: id, to: `${copyName(id)}-a`, key }),
});

const isAvailable = (status: string | undefined): boolean => status?.toLowerCase() === 'available';
