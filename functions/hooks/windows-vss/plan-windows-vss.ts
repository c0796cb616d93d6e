/**
 * Windows's Volume Shadow Copy Service, by AWS's own document. There is no script of ours: the document holds, takes the snapshots with
 * the instance's role, and VSS lets go by itself, so the provider runs it when it begins the artifacts.
 * https://docs.aws.amazon.com/AWSEC2/latest/UserGuide/create-vss-snapshots-ssm.html
 */
import type { GuestInstance } from '#domain/guest-instance.ts';
import type { WindowsVssHook } from '#domain/hook.ts';
import type { PlannedHook } from '#domain/run.ts';

const wordOf = (choice: boolean): string => (choice ? 'True' : 'False');

/** One hook an instance, with those parameters of the document that are the policy's. */
export const planWindowsVss = (
  { deadlineSeconds, copyOnly, noWriters }: WindowsVssHook,
  instances: readonly GuestInstance[],
): readonly PlannedHook[] =>
  instances.map(({ instanceId }) => ({
    kind: 'windows-vss',
    instanceId,
    deadlineSeconds,
    parameters: { CopyOnly: wordOf(copyOnly), NoWriters: wordOf(noWriters) },
  }));
