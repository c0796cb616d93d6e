/** Has an instance move restored files to the root of a new file system, by a script that may run any number of times. */
import { type CleanUp, cleanUpParameters } from '#domain/clean-up.ts';
import { providerFault, transientFault } from '#domain/faults.ts';
import { commandOnGuest } from '#hooks/guest.ts';
import { ssm } from '#platform/clients/ssm.ts';
import { documentName } from '#platform/environment.ts';

/** Where, and by whom. */
export interface Promotion {
  readonly instanceId: string;
  /** IP address of a mount target. */
  readonly server: string;
  /** What is taken away once they are in their place, by paths of the file system. */
  readonly cleanUp?: CleanUp;
}

/** Seconds that the script waits for another one; by itself it renames what lies at the top, however much that holds. */
const scriptSeconds = 300;
/** And that are waited for it here; one that takes longer is asked again, and answers for what it has done. */
const waitSeconds = 10;

const nothing: CleanUp = { roots: ['/'], files: [], folders: [] };

/**
 * @param name of what is made; goes into the script's own words
 * @throws TransientFault while there is no answer, ProviderFault when the script refuses
 */
export async function promote(name: string, { instanceId, server, cleanUp = nothing }: Promotion): Promise<void> {
  const { moveTo: _, ...temporary } = cleanUpParameters(cleanUp);
  const parameters = { run: name, deadlineSeconds: String(scriptSeconds), server, ...temporary };
  const command = { documentName: documentName('promote'), instanceId, parameters, timeoutSeconds: waitSeconds };
  const outcome = await commandOnGuest(command, { ssm: ssm() });
  if (outcome.kind === 'succeeded') return;
  if (outcome.kind !== 'failed') throw transientFault(`Moving the restored files on ${instanceId}: ${outcome.problem}`);
  throw providerFault(
    `${instanceId} could not move the restored files of ${name} to their place${cleanUp === nothing ? '' : ', or take its temporary files away'} (exit code ${outcome.exitCode}): ${outcome.stderr.slice(-500)}`,
  );
}
