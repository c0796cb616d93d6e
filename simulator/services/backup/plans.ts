/**
 * Plans: what their rules begin, of what their selections reach.
 * https://docs.aws.amazon.com/aws-backup/latest/devguide/plan-options-and-configuration.html, assigning-resources.html
 */
import { arn } from '../../iam/arn.ts';
import { matchesWildcard } from '../../iam/wildcard.ts';
import { parseSchedule } from '../scheduler/schedule-expression.ts';
import type { BackupContext } from './backup.ts';
import type { Planned } from './jobs.ts';
import type { Lifecycle } from './points.ts';
import type { Sources } from './sources.ts';

export interface Rule {
  readonly name: string;
  readonly vault: string;
  /** `cron(…)`. */
  readonly expression: string;
  /** IANA. */
  readonly timeZone: string;
  readonly startWindowMs: number;
  readonly completionWindowMs?: number | undefined;
  readonly lifecycle: Lifecycle;
  readonly tags: Readonly<Record<string, string>>;
}

export interface Selection {
  readonly roleArn: string;
  /** ARNs, which may end with an asterisk. */
  readonly resources: readonly string[];
  /** All of which they carry. */
  readonly tags: Readonly<Record<string, string>>;
}

interface Plan {
  readonly name: string;
  readonly selections: Map<string, Selection>;
  rules: readonly Rule[];
  cancel: readonly (() => void)[];
}

export type Plans = ReturnType<typeof createPlans>;

/** By their types or not, clusters are copied only where AWS Backup is switched on for them. */
const needOptIn: readonly string[] = ['Aurora', 'DocumentDB', 'Neptune'];

interface Surroundings {
  readonly sources: Sources;
  readonly isOptedIn: (type: string) => boolean;
  readonly start: (planned: Planned) => void;
}

export function createPlans({ kernel }: BackupContext, { sources, isOptedIn, start }: Surroundings) {
  const { clock } = kernel;
  const random = kernel.random.fork('plans');
  const all = new Map<string, Plan>();

  const arm = (id: string, plan: Plan, rule: Rule): (() => void) => {
    const next = parseSchedule(rule.expression, clock.nowMs(), rule.timeZone);
    let cancel = (): void => undefined;
    const armAfter = (afterMs: number): void => {
      const timeMs = next(afterMs);
      if (timeMs === undefined) return;
      cancel = clock.at(timeMs, () => {
        if (!isOvertaken(plan, rule, timeMs)) fire(id, plan, rule);
        armAfter(timeMs);
      });
    };
    armAfter(clock.nowMs());
    return () => cancel();
  };

  const fire = (id: string, plan: Plan, rule: Rule): void => {
    const { vault, startWindowMs, completionWindowMs, lifecycle, tags, name } = rule;
    const createdBy = {
      ...{ BackupPlanId: id, BackupPlanArn: arn(kernel, 'backup', `backup-plan:${id}`), BackupPlanName: plan.name },
      ...{ BackupPlanVersion: '1', BackupRuleId: `${id}-${name}`, BackupRuleName: name },
      ...{ BackupRuleCron: rule.expression, BackupRuleTimezone: rule.timeZone },
    };
    for (const [resourceArn, roleArn] of reached(plan)) {
      const waitsMs = random.between(0, startWindowMs);
      start({
        ...{ vault, resourceArn, roleArn, startWindowMs, completionWindowMs, tags, lifecycle, createdBy, waitsMs },
      });
    }
  };

  /** Resources, each with the role of the first selection that has it. */
  const reached = ({ selections }: Plan): ReadonlyMap<string, string> => {
    const found = new Map<string, string>();
    for (const { roleArn, resources, tags } of selections.values()) {
      const byTagsAlone = resources.includes('*');
      for (const each of sources.tagged()) {
        const isChosen = resources.some((pattern) => matchesWildcard(each.arn, pattern));
        const carries = Object.entries(tags).every(([key, value]) => each.tags.get(key) === value);
        const heedsSettings = byTagsAlone || needOptIn.includes(each.type);
        if (!isChosen || !carries || (heedsSettings && !isOptedIn(each.type)) || found.has(each.arn)) continue;
        found.set(each.arn, roleArn);
      }
    }
    return found;
  };

  const remove = (id: string): void => {
    for (const cancel of all.get(id)?.cancel ?? []) cancel();
    all.delete(id);
  };

  return {
    /** Creates a plan, or replaces its rules. */
    deploy(id: string, name: string, rules: readonly Rule[]): void {
      const selections = all.get(id)?.selections ?? new Map<string, Selection>();
      remove(id);
      const plan: Plan = { name, selections, rules, cancel: [] };
      plan.cancel = rules.map((rule) => arm(id, plan, rule));
      all.set(id, plan);
    },
    /** Of a plan that is there. */
    select(planId: string, id: string, selection: Selection): void {
      const plan = all.get(planId);
      if (plan === undefined) throw new Error(`There is no plan ${planId}.`);
      plan.selections.set(id, selection);
    },
    deselect: (planId: string, id: string) => void all.get(planId)?.selections.delete(id),
    remove,
  };
}

/** Of rules whose start windows overlap only that one runs which keeps its copies longest. */
function isOvertaken({ rules }: Plan, rule: Rule, timeMs: number): boolean {
  const daysOf = ({ lifecycle }: Rule) => lifecycle.deleteAfterDays ?? Number.POSITIVE_INFINITY;
  return rules.some((other) => {
    if (daysOf(other) <= daysOf(rule)) return false;
    const otherMs = parseSchedule(other.expression, 0, other.timeZone)(timeMs - other.startWindowMs);
    return otherMs !== undefined && otherMs < timeMs + rule.startWindowMs;
  });
}
