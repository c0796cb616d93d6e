/**
 * The only way into a `Policy`: from YAML (`policy-file.ts`) or from what a CDK user types. Every mistake is found at once, and an
 * unknown key is one, because a misspelt setting that is silently ignored is a backup that silently does not happen.
 * Imported by deploy-time code only: zod is too large for handlers.
 */
import { z } from 'zod';
import { completeBackupPlan } from './backup-plan.ts';
import type { Policy, Workload } from './policy.ts';
import { checkBackupPlan } from './policy-backup-plan-checks.ts';
import { checkWorkload, type Sections } from './policy-checks.ts';
import { type Claim, checkClaims } from './policy-claims.ts';
import { completeWorkload, memberOf } from './policy-complete.ts';
import { workloadName } from './policy-fields.ts';
import { type Mistake, mistakesOf, type PolicyPath, valueAt } from './policy-mistakes.ts';
import { type CopyClaim, checkRegions } from './policy-region-checks.ts';
import { envelopeShape, type MailShape, policyShape, workloadShape } from './policy-shape.ts';

export type { Mistake } from './policy-mistakes.ts';
export type { PolicyInput } from './policy-shape.ts';

/** What has been measured to work: docs/benchmarks.md. */
const mostWorkloads = 2500;

export interface ParsedPolicy {
  readonly policy: Policy;
  /** Allowed, and probably not what was meant. */
  readonly notes: readonly Mistake[];
}

export interface ParseOptions {
  /** Schedules must be due after this, and their intervals are measured from here. Default: the beginning of 2026. */
  readonly nowMs?: number;
}

interface Checked {
  readonly mistakes: readonly Mistake[];
  readonly notes: readonly Mistake[];
  readonly claims: readonly Claim[];
  readonly copies: readonly CopyClaim[];
  /** Absent when a section has not the right shape. */
  readonly workload?: Workload;
}

/** @param input a `PolicyInput`, or whatever a YAML file says */
export function parsePolicy(
  input: unknown,
  { nowMs = Date.UTC(2026, 0, 1) }: ParseOptions = {},
): ParsedPolicy | { readonly mistakes: readonly Mistake[] } {
  const envelope = envelopeShape.safeParse(input);
  const outer = envelope.success ? [] : mistakesOf(envelope.error.issues, input, [], policyShape);
  const shared = envelope.success ? envelope.data.mail : sharedMail(input);
  const plans = Object.entries(envelope.success ? envelope.data.plans : {});
  const { formerKinds } = envelope.success ? envelope.data : { formerKinds: [] };
  const typed = workloadsIn(input);
  const checked = typed.map(([name, workload]) => checkOne(name, workload, shared, nowMs));
  const claims = checked.flatMap((one) => one.claims);
  const mistakes = [
    ...outer,
    ...plans.flatMap(([name, plan]) => checkBackupPlan(['plans', name], plan)),
    ...checkCount(input, typed.length),
    ...checked.flatMap((one) => one.mistakes),
    ...checkClaims(claims),
    ...checkRegions(
      claims,
      checked.flatMap((one) => one.copies),
    ),
  ];
  if (mistakes.length > 0) return { mistakes };
  const workloads = checked.flatMap((one) => one.workload ?? []);
  const policy = {
    version: 1,
    workloads,
    ...(plans.length === 0 ? {} : { plans: plans.map(([name, plan]) => completeBackupPlan(name, plan)) }),
    ...(formerKinds.length === 0 ? {} : { formerKinds }),
  } as const;
  return { policy, notes: checked.flatMap((one) => one.notes) };
}

function workloadsIn(input: unknown): [string, unknown][] {
  const workloads = valueAt(input, ['workloads']);
  return typeof workloads === 'object' && workloads !== null && !Array.isArray(workloads)
    ? Object.entries(workloads)
    : [];
}

/** Of a policy that has other mistakes: a broken address there must not become "nobody is told" in every workload. */
function sharedMail(input: unknown): MailShape {
  const parsed = envelopeShape.shape.mail.safeParse(valueAt(input, ['mail']));
  return parsed.success ? parsed.data : { failures: ['unknown@example.com'] };
}

function checkCount(input: unknown, count: number): Mistake[] {
  const workloads = valueAt(input, ['workloads']);
  if (typeof workloads !== 'object' || workloads === null || Array.isArray(workloads)) return [];
  if (count === 0) return [{ path: ['workloads'], message: 'Name at least one workload.' }];
  return count <= mostWorkloads
    ? []
    : [{ path: ['workloads'], message: `A policy has at most ${mostWorkloads} workloads; this one has ${count}.` }];
}

function checkOne(name: string, typed: unknown, shared: MailShape, nowMs: number): Checked {
  const path = ['workloads', name];
  const parsed = workloadShape.safeParse(typed);
  const sections = parsed.success ? parsed.data : sectionsOf(typed);
  const isWorkload = typeof typed === 'object' && typed !== null;
  const { mistakes, notes } = isWorkload ? checkWorkload(path, sections, shared, nowMs) : { mistakes: [], notes: [] };
  const shapeMistakes = parsed.success ? [] : mistakesOf(parsed.error.issues, typed, path, workloadShape);
  const all = [...checkName(name, path), ...shapeMistakes, ...mistakes];
  const claims = (sections.members ?? []).map((member, index) => ({ workload: name, index, member: memberOf(member) }));
  const copies = sections.copyTo === undefined ? [] : [{ workload: name, region: sections.copyTo.region }];
  const found = { mistakes: all, notes, claims, copies };
  if (!parsed.success || all.length > 0) return found;
  return { ...found, workload: completeWorkload(name, parsed.data, shared, nowMs) };
}

function checkName(name: string, path: PolicyPath): Mistake[] {
  const parsed = workloadName.safeParse(name);
  return parsed.success ? [] : parsed.error.issues.map(({ message }) => ({ path, message }));
}

/** Those sections that can be read, so that a mistake in one does not hide the mistakes in another. */
function sectionsOf(typed: unknown): Sections {
  const { schedule, members, quiesce, window, retention, copyTo, objectives, mail, recovery } = workloadShape.shape;
  return {
    ...section('schedule', schedule, typed),
    ...section('members', members, typed),
    ...section('quiesce', quiesce, typed),
    ...section('window', window, typed),
    ...section('retention', retention, typed),
    ...section('copyTo', copyTo, typed),
    ...section('objectives', objectives, typed),
    ...section('mail', mail, typed),
    ...section('recovery', recovery, typed),
  };
}

function section<Key extends string, Value>(key: Key, shape: z.ZodType<Value>, typed: unknown) {
  const parsed = shape.safeParse(valueAt(typed, [key]));
  const found: { [name in Key]?: Value } = {};
  if (parsed.success) found[key] = parsed.data;
  return found;
}

/** JSON Schema (2020-12) of what is typed, with descriptions and defaults: for editors. The committed `holdfast.schema.json`. */
export function policyJsonSchema(): object {
  return { ...z.toJSONSchema(policyShape, { io: 'input' }), title: 'Holdfast policy' };
}

/** The text of `holdfast.schema.json`. */
export const policyJsonSchemaText = (): string => `${JSON.stringify(policyJsonSchema(), null, 2)}\n`;
