import type { Workload } from '#domain/policy.ts';
import { asFault } from '#platform/aws-errors.ts';
import { exporterOf } from '#providers/exporters.ts';
import type { Examination } from './doctor.ts';

/** Whether what the workload's points are exported to would take it: a bucket's Region, and what it allows. A backup itself does not need it. */
export async function examineExports({ members }: Workload): Promise<readonly Examination[]> {
  const wanted = members.flatMap((member) =>
    'resource' in member && member.export !== undefined ? [{ member, bucket: member.export.bucket }] : [],
  );
  return await Promise.all(
    wanted.map(async ({ member, bucket }) => {
      const problems = await exporterOf(member.kind)
        .problems(member, bucket)
        .catch((error: unknown) => [asFault(error, `asking for the bucket ${bucket}`).message]);
      const subject = `export of ${member.kind} ${member.resource} to ${bucket}`;
      return { subject, findings: problems.map((problem) => ({ problem })) };
    }),
  );
}
