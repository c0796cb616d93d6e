/** Starts the roll back of a recovery whose execution is gone: the same machine, entered at its roll back. */
import type { Recovery } from '#domain/recovery.ts';
import { environment } from '#platform/environment.ts';
import { startExecution } from '#platform/executions.ts';

/** Undo executions that may have ended without an outcome before a person has to look; each leaves a failed execution behind. */
const attempts = 5;

export async function startUndo({ workload, id }: Recovery): Promise<void> {
  for (let attempt = 1; attempt <= attempts; attempt += 1) {
    const input = { rollBack: { workload, recoveryId: id } };
    const outcome = await startExecution(environment.recoverMachine(), `${id.slice(0, 70)}-undo-${attempt}`, input);
    if (outcome === 'started') return;
  }
}
