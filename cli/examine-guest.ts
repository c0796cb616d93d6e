import type { PlannedHook } from '#domain/run.ts';
import { type CommandOutcome, commandOnGuest } from '#hooks/guest.ts';
import { ssm } from '#platform/clients/ssm.ts';
import type { Documents } from './connect.ts';
import type { Examination } from './doctor.ts';
import { type Finding, findingOf } from './finding.ts';

/** A hook, or what a recovery does in the guest: then `setting` is its place in the policy. */
export type Examined = PlannedHook & { readonly setting?: string };

interface Surroundings {
  readonly documents: Documents;
  /** Of this examination: no run's. */
  readonly runId: string;
}

/** SSM needs seconds to deliver; scripts only look. */
const timeoutSeconds = 60;

/** Asks a guest, through the doctor's document, whether a script of ours would do its work; nothing is held. @throws what the client throws */
export async function examineGuest(
  { kind, setting = `${kind} hook`, instanceId, deadlineSeconds, parameters }: Examined,
  { documents, runId }: Surroundings,
): Promise<Examination> {
  const outcome = await commandOnGuest(
    {
      documentName: documents.get('doctor') ?? '',
      instanceId,
      parameters: { kind, run: runId, deadlineSeconds: String(deadlineSeconds), ...parameters },
      timeoutSeconds,
    },
    { ssm: ssm() },
  );
  return { subject: `${setting} on ${instanceId}`, findings: findingsOf(outcome) };
}

const said = /^holdfast: /;

/** The guest's own sentences; where it has none, all that is known. */
function findingsOf(outcome: CommandOutcome): readonly Finding[] {
  if (outcome.kind === 'succeeded') return [];
  if (outcome.kind !== 'failed') return [findingOf(outcome.problem)];
  const lines = outcome.stderr.split('\n');
  const sentences = lines.filter((line) => said.test(line)).map((line) => line.replace(said, ''));
  return sentences.length > 0
    ? sentences.map(findingOf)
    : [findingOf(`The guest script ended with ${outcome.exitCode}: ${outcome.stderr}`)];
}
