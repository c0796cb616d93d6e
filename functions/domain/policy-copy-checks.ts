/** What cannot be copied to another Region as one set, found in the policy alone. Imported by deploy-time code only. */
import { durationMinutes } from './duration.ts';
import { kindFacts } from './member-kinds.ts';
import type { Mistake, PolicyPath } from './policy-mistakes.ts';
import type { WorkloadShape } from './policy-shape.ts';

/** @param sections those of the workload that have the right shape */
export function checkCopies(path: PolicyPath, { copyTo, members = [], objectives }: Partial<WorkloadShape>): Mistake[] {
  if (copyTo === undefined) return [];
  const { region, key, rpo } = copyTo;
  const kinds = new Set(members.map(({ kind }) => kind).filter((kind) => !kindFacts(kind).copiedElsewhere));
  return [
    ...[...kinds].map((kind) => ({
      path,
      message: `Members of kind ${kind} are not copied to another Region, and a set there without them is none: one set or none. Have AWS Backup copy them by a plan, or take them into a workload of their own.`,
    })),
    ...checkKey([...path, 'key'], region, key),
    ...checkRpo([...path, 'rpo'], rpo, objectives?.rpo),
  ];
}

function checkKey(path: PolicyPath, region: string, key: string): Mistake[] {
  const [, , , keyRegion] = key.split(':');
  if (keyRegion === region) return [];
  const message = `The key is in ${keyRegion}, and copies in ${region} are encrypted with a key there; of a multi-Region key, with its replica there.`;
  return [{ path, message }];
}

/** A copy is begun once its point is sealed. */
function checkRpo(path: PolicyPath, rpo: string | undefined, own: string | undefined): Mistake[] {
  const ownMinutes = own === undefined ? undefined : durationMinutes(own);
  if (rpo === undefined || ownMinutes === undefined || (durationMinutes(rpo) ?? 0) > ownMinutes) return [];
  const message = `What is copied is older than the point that it is a copy of, which may be ${own} old.`;
  return [{ path, message, expected: `more than ${own}` }];
}
