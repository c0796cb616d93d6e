/** What cannot be copied to another Region as one set, found in the policy alone. Imported by deploy-time code only. */
import { durationMinutes } from './duration.ts';
import { kindFacts, memberKinds } from './member-kinds.ts';
import type { Mistake, PolicyPath } from './policy-mistakes.ts';
import type { WorkloadShape } from './policy-shape.ts';

/** @param sections those of the workload that have the right shape */
export function checkCopies(path: PolicyPath, { copyTo, members = [], objectives }: Partial<WorkloadShape>): Mistake[] {
  if (copyTo === undefined) return [];
  const { region, key, rpo } = copyTo;
  return [
    ...checkKinds(path, members),
    ...checkMoments(path, members),
    ...checkKey([...path, 'key'], region, key),
    ...checkRpo([...path, 'rpo'], rpo, objectives?.rpo),
  ];
}

type Members = WorkloadShape['members'];

function checkKinds(path: PolicyPath, members: Members): Mistake[] {
  const isCopied = (kind: Members[number]['kind']) => kindFacts(kind).copiedElsewhere === true;
  const kinds = new Set(members.map(({ kind }) => kind).filter((kind) => !isCopied(kind)));
  return [...kinds].map((kind) => ({
    path,
    message: `Members of kind ${kind} are not copied to another Region, and a set there without them is none: one set or none. Copied are members of kind ${memberKinds.filter(isCopied).join(', ')}. Have AWS Backup copy the others by a plan, or take them into a workload of their own.`,
  }));
}

/** A service's continuous backup stays where it is. */
function checkMoments(path: PolicyPath, members: Members): Mistake[] {
  return members.flatMap((member) =>
    'continuous' in member && member.continuous === true && kindFacts(member.kind).copiedElsewhere
      ? [
          {
            path,
            message: `${member.kind} ${member.resource} is continuous: what a point has of it is a moment of a backup that stays in its Region, and nothing of it can be copied. Leave out its "continuous", or copyTo.`,
          },
        ]
      : [],
  );
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
