import type { ManagedMember, Workload } from '#domain/policy.ts';
import { asFault } from '#platform/aws-errors.ts';
import { exporterOf } from '#providers/exporters.ts';
import type { Examination } from './doctor.ts';

/**
 * Whether what is wanted beside the workload's points could be made: a bucket's Region, and what it allows; a key's Region and state. A backup itself does
 * not need it.
 */
export async function examineExports({ members }: Workload): Promise<readonly Examination[]> {
  const managed = members.filter((member): member is ManagedMember => 'resource' in member);
  const wanted = managed.flatMap((member) => {
    const { kind, resource, export: files, copy } = member;
    return [
      ...(files === undefined
        ? []
        : [{ member, exporter: exporterOf({ kind }), place: files.bucket, words: `export of ${kind} ${resource} to` }]),
      ...(copy === undefined
        ? []
        : [
            {
              ...{ member, exporter: exporterOf({ kind, key: copy.kmsKey }), place: copy.kmsKey },
              words: `copies of ${kind} ${resource} under`,
            },
          ]),
    ];
  });
  return await Promise.all(
    wanted.map(async ({ member, exporter, place, words }) => {
      const problems = await exporter
        .problems(member, place)
        .catch((error: unknown) => [asFault(error, `asking for ${place}`).message]);
      return { subject: `${words} ${place}`, findings: problems.map((problem) => ({ problem })) };
    }),
  );
}
