/** A stage with a case about to happen in it, and what was there before. */
import { seededRandom } from '#simulator/kernel/random.ts';
import { seedMathRandom } from '#simulator/kernel/seeded-chance.ts';
import type { Stage } from '../scenario/stage.ts';
import type { Case } from './cases.ts';
import type { Mishap } from './mishap.ts';
import { sealed } from './outcome.ts';
import { portraitOf } from './portrait.ts';
import { type Prepare, prepared } from './preparation.ts';
import { recoveryName, type Scenario } from './scenario.ts';
import { type Witness, watchGuest } from './witness.ts';

export interface Scene {
  readonly stage: Stage;
  readonly scenario: Scenario;
  readonly mishaps: readonly Mishap[];
  readonly witness: Witness;
  /** Name of the recovery's execution, and so its id. */
  readonly recovery: string;
  /** What the scenario fails by itself. */
  readonly failures: number;
  /** Portrait of the scenario's instance. */
  readonly before: string;
  /** Ids of all volumes that were there. */
  readonly volumesBefore: ReadonlySet<string>;
  /** Runs that had a point. */
  readonly sealedBefore: readonly string[];
  /** Virtual time from which mishaps may happen, epoch milliseconds. */
  readonly fromMs: number;
}

/** Points whose time has come. */
export const expiredOf = ({ sealedBefore, scenario }: Pick<Scene, 'sealedBefore' | 'scenario'>): readonly string[] =>
  sealedBefore.toSorted().slice(0, scenario.expires ?? 0);

export async function openScene(
  { scenario, mishaps, seed, failures }: Omit<Case, 'id' | 'group'>,
  preparation: Prepare = prepared,
): Promise<Scene> {
  const prepare = await preparation(scenario, seed);
  const stage = await scenario.open(seed);
  const witness = watchGuest(stage, scenario);
  await prepare(stage);
  // Whatever the preparation drew: retries of the case pause alike after each of them.
  seedMathRandom(seededRandom(seed));
  return {
    ...{ stage, scenario, mishaps, witness, failures, recovery: recoveryName },
    before: portraitOf(stage, scenario.instanceId),
    volumesBefore: new Set(stage.services.ec2.world.volumes.keys()),
    sealedBefore: sealed(stage).map(({ runId }) => runId),
    fromMs: stage.clock.nowMs(),
  };
}
