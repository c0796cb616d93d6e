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
    const armed = one.mishaps.map((mishap) => ({ mishap, ...mishap.arm(stage, scenario) }));
    await scenario.live(stage);
    // Of two mishaps, one may keep the other from happening.
    const pending = armed.filter(({ hasHappened }) => !hasHappened());
    const missed = one.mishaps.length > 1 ? [] : pending;
    // Else it would strike in the nights that follow, of which promises are made too.
    for (const { disarm } of pending) disarm();
    const broken = await brokenPromises(scene);
    tell(scene);
    return {
      id: one.id,
      group: one.group,
      broken: [...missed.map(({ mishap }) => `it did not happen: ${mishap.id}`), ...broken],
    };
  } catch (error) {
    return { id: one.id, group: one.group, broken: [`the simulation ended with ${String(error)}`] };
  } finally {
    stage.close();
  }
}
