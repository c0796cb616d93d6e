/** What probably ought to be copied by a plan of AWS Backup and lacks tags of it. */
import type { BackupPlan } from './backup-plan.ts';

type Tags = Readonly<Record<string, string>>;

export interface LackingTags {
  /** ARN. */
  readonly resource: string;
  /** Those of the plan's that it has not, or has with another value. */
  readonly lacks: Tags;
  /** Why it ought to have them, as in `it carries backup=daily`. */
  readonly because: string;
}

/** Tags of a plan that a resource lacks. */
export const lackedOf = ({ tags }: BackupPlan, carried: Tags): Tags =>
  Object.fromEntries(Object.entries(tags).filter(([key, value]) => carried[key] !== value));

/** Values that look as if the plan's own was meant: AWS Backup takes tags by the letter. */
export const alike = (value: string): readonly string[] => [
  ...new Set([value, value.toLowerCase(), value.toUpperCase()]),
];

/** Of something that carries some tags of the plan, or values like them; undefined: it carries all, or none. */
export function partlyTagged(plan: BackupPlan, resource: string, carried: Tags): LackingTags | undefined {
  const lacks = lackedOf(plan, carried);
  const shown = Object.entries(plan.tags).flatMap(([key, value]) => {
    const own = carried[key];
    return own !== undefined && alike(value).includes(own) ? [`${key}=${own}`] : [];
  });
  if (Object.keys(lacks).length === 0 || shown.length === 0) return undefined;
  return { resource, lacks, because: `it carries ${shown.join(', ')}` };
}
