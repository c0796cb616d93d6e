import type { Workload } from '#domain/policy.ts';
import { asFault } from '#platform/aws-errors.ts';
import { copierOf } from '#providers/copiers.ts';
import type { Examination } from './doctor.ts';

/** Whether the Region that the workload's points are copied to can be reached, and its key used. A backup itself does not need it. */
export async function examineCopies({ members, copyTo }: Workload): Promise<readonly Examination[]> {
  if (copyTo === undefined) return [];
  const { region } = copyTo;
  const kinds = [...new Set(members.map(({ kind }) => kind))];
  return await Promise.all(
    kinds.map(async (kind) => {
      const problems = await copierOf(kind)
        .problems(copyTo)
        .catch((error: unknown) => [asFault(error, `asking for copies in ${region}`).message]);
      return { subject: `copies of ${kind} in ${region}`, findings: problems.map((problem) => ({ problem })) };
    }),
  );
}
