/** What a reboot cannot go together with, found in the policy alone. Imported by deploy-time code only. */
import type { Mistake, PolicyPath } from './policy-mistakes.ts';
import type { WorkloadShape } from './policy-shape.ts';

/** @param sections those of the workload that have the right shape */
export function checkReboot(path: PolicyPath, { members = [], quiesce }: Partial<WorkloadShape>): Mistake[] {
  if ((quiesce?.hooks ?? []).length === 0) return [];
  const message =
    'A reboot ends whatever a hook holds still, its timer too, and a frozen file system would keep the guest from going down: give reboot or hooks. Without a reboot the hooks make the image consistent.';
  return members.flatMap((member, index) =>
    member.kind === 'ami' && member.reboot ? [{ path: [...path, 'members', index, 'reboot'], message }] : [],
  );
}
