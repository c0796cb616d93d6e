/**
 * Kinds that a person has to bring back: a recovery of a set goes on without them, and says first what is to be done. A point that has nothing
 * else is refused, with the same words.
 */
import type { Artifact } from '#domain/artifact.ts';
import { invariantBroken } from '#domain/faults.ts';
import type { Restorer } from './restorer.ts';

export interface ByHand {
  readonly kind: string;
  /** What a person must know of this one, in a sentence or two. */
  words(artifact: Artifact): string;
  /** As an operator would type them, with what must be known of each. */
  lines(artifact: Artifact): Promise<readonly string[]>;
}

/** @param kinds all that are brought back by a person */
export function byHand({ kind, words, lines }: ByHand, kinds: readonly string[]): Restorer {
  const never = async (): Promise<never> => {
    throw invariantBroken(`No recovery ever has a target of the kind ${kind}.`);
  };
  return {
    plan: async ({ artifacts }, request) => {
      // Asked for some volumes, or for another instance, an operator means no more.
      const isChosen = request.volumes === undefined && request.toInstance === undefined;
      const own = isChosen ? artifacts.filter((artifact) => artifact.kind === kind) : [];
      const said = own.map((artifact) => `${kind} ${artifact.source} is brought back by hand. ${words(artifact)}`);
      const isAll = artifacts.every((artifact) => kinds.includes(artifact.kind));
      const commands = (await Promise.all(own.map(lines))).flat();
      return {
        targets: [],
        refusals: isAll ? [...said, ...commands] : [],
        warnings: said,
        calls: commands.map((line) => `# by hand: ${line}`),
      };
    },
    ...{ create: never, safeguard: never, stop: never, detach: never, attach: never, start: never },
    ...{ verify: never, commit: never, rollBack: never, tidy: never, leftovers: never },
  };
}
