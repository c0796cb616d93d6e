import type { Workload } from '#domain/policy.ts';
import type { PlannedMember } from '#domain/run.ts';
import { asFault } from '#platform/aws-errors.ts';
import { copierOf } from '#providers/copiers.ts';
import type { Examination } from './doctor.ts';

/** Whether the Region that the workload's points are copied to can be reached, its key used, and copies find room. A backup itself does not need it. */
export async function examineCopies(
  { members, copyTo }: Workload,
  planned: readonly PlannedMember[],
): Promise<readonly Examination[]> {
  if (copyTo === undefined) return [];
  const { region } = copyTo;
  const kinds = [...new Set(members.map(({ kind }) => kind))];
  return await Promise.all(
    kinds.map(async (kind) => {
      const own = planned.filter((member) => member.kind === kind);
      const { problems, notes } = await copierOf(kind)
        .examine(copyTo, own)
        .catch((error: unknown) => ({
          problems: [asFault(error, `asking for copies in ${region}`).message],
          notes: [],
        }));
      return { subject: `copies of ${kind} in ${region}`, findings: problems.map((problem) => ({ problem })), notes };
    }),
  );
}
