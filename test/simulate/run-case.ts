/** Runs one case from the deployment to days later, and says which of the promises it broke. */
import type { Case } from './cases.ts';
import { brokenPromises } from './promises.ts';
import { openScene, type Scene } from './scene.ts';

export interface CaseResult {
  readonly id: string;
  readonly group: string;
  /** One sentence for each promise that was broken. Empty: all held. */
  readonly broken: readonly string[];
}

/** @param tell is shown the scene at the end, before it closes */
export async function runCase(one: Case, tell: (scene: Scene) => void = () => undefined): Promise<CaseResult> {
  const scene = await openScene(one);
  const { stage, scenario } = scene;
  try {
    const happened = one.mishaps.map((mishap) => mishap.arm(stage, scenario));
    await scenario.live(stage);
    // Of two mishaps, one may keep the other from happening.
    const missed = one.mishaps.length > 1 ? [] : one.mishaps.filter((_, index) => happened[index]?.() === false);
    const broken = await brokenPromises(scene);
    tell(scene);
    return {
      id: one.id,
      group: one.group,
      broken: [...missed.map(({ id }) => `it did not happen: ${id}`), ...broken],
    };
  } catch (error) {
    return { id: one.id, group: one.group, broken: [`the simulation ended with ${String(error)}`] };
  } finally {
    stage.close();
  }
}
