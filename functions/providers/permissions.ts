/** What each step may do to the resources of every kind, as data: `infra` turns it into roles. */
import { type MemberKind, memberKinds } from '#domain/member-kinds.ts';
import type { CopyPlace } from '#domain/point-copy.ts';
import type { ManagedMember, Member, Workload } from '#domain/policy.ts';

/** IAM statement as data; `infra` turns it into the role of the step that it is for. */
export interface Statement {
  readonly actions: readonly string[];
  /** ARNs with the placeholders `${partition}`, `${region}`, `${account}`, `${stack}` (in conditions: the value of HOLDFAST_STACK), and `${vault}`, `${backupRole}` and `${restoreRole}` of members that AWS Backup copies; `*` where the action has no resource type. */
  readonly resources: readonly string[];
  readonly conditions?: Readonly<Record<string, Readonly<Record<string, string | readonly string[]>>>>;
}

/** Steps that act on resources. A step's role gets the statements of every kind under its name. */
export type StepName =
  | 'plan-run'
  | 'begin-tiers'
  | 'release'
  | 'guard-execution'
  | 'settle'
  | 'retire'
  | 'plan-recovery'
  | 'create-volumes'
  | 'take-safety-snapshot'
  | 'stop-instance'
  | 'detach-volumes'
  | 'attach-volumes'
  | 'start-instance'
  | 'verify-recovery'
  | 'commit-recovery'
  | 'roll-back'
  | 'abandon-recovery';

export type Permissions = Partial<Readonly<Record<StepName, readonly Statement[]>>>;

/** What a kind's `permissions.ts` exports. */
interface OfKind {
  readonly permissions: Permissions;
  /** Reading and setting the snapshots that its service makes by itself, of one resource. Absent: a member of it has no `automatic`. */
  readonly automaticStatement?: (resource: string) => Statement;
  /** What AWS Backup may do to copy these members. Absent: it does not copy the kind. */
  readonly toCopy?: (members: readonly ManagedMember[]) => RightsToCopy;
  /** And to restore them. */
  readonly toRestore?: (members: readonly ManagedMember[]) => RightsToRestore;
  /** Writing files of snapshots to a bucket, for `settle`, and asking what it allows, for the doctor. Absent: nothing of the kind is exported. */
  readonly exportPermissions?: (bucket: string, resources: readonly string[]) => ExportPermissions;
  /** Copying snapshots under another key, for `settle`, and asking whether it can be used, for the doctor. Absent: nothing of the kind is copied so. */
  readonly keyPermissions?: (key: string, resources: readonly string[]) => ExportPermissions;
  /** Copying artifacts to another Region. Absent: nothing of the kind is copied. */
  readonly copyPermissions?: (place: CopyPlace) => CopyPermissions;
  /** Making a new resource from files in a bucket. Absent: none of the kind is. */
  readonly seedPermissions?: (bucket: string) => Permissions;
}

export interface ExportPermissions {
  readonly exporting: readonly Statement[];
  readonly examining: readonly Statement[];
}

/** Of the steps that copy, and that delete copies, and of the doctor, who asks whether the place would take them. */
export interface CopyPermissions extends Required<Pick<Permissions, 'settle' | 'retire'>> {
  readonly examining: readonly Statement[];
}

/** In the role in which AWS Backup copies. */
export interface RightsToCopy {
  /** Names of AWS's own policies, where what a type needs is AWS Backup's to know, and changes with it. */
  readonly policies: readonly string[];
  readonly statements: readonly Statement[];
}

/** In the role in which AWS Backup restores. */
export interface RightsToRestore {
  readonly statements: readonly Statement[];
  /** Those through which it uses keys, as in their host names. */
  readonly services: readonly string[];
}

const kinds: ReadonlyMap<MemberKind, OfKind> = new Map(
  await Promise.all(
    memberKinds.map(async (kind): Promise<[MemberKind, OfKind]> => [kind, await import(`./${kind}/permissions.ts`)]),
  ),
);

/** Those of one kind. */
export const permissionsOfKind = (kind: MemberKind): Permissions => kinds.get(kind)?.permissions ?? {};

/** @param ofPolicy kinds of its members; snapshots of EBS are asked for whatever they are, since their slots are the Region's */
export const permissionsOf = (step: StepName, ofPolicy: ReadonlySet<string>): readonly Statement[] =>
  [...kinds].flatMap(([kind, { permissions }]) =>
    kind === 'ebs' || ofPolicy.has(kind) ? (permissions[step] ?? []) : [],
  );

/** Of the members that say `automatic`, and of no others of their kind: reading and setting the snapshots that their services make by themselves. */
export function automaticPermissions(members: readonly Member[]): readonly Statement[] {
  const statements = members.flatMap((member) =>
    !('resource' in member) || member.automatic === undefined
      ? []
      : (kinds.get(member.kind)?.automaticStatement?.(member.resource) ?? []),
  );
  const byActions = Map.groupBy(statements, ({ actions }) => actions.join(' '));
  return [...byActions.values()].flatMap((alike) =>
    alike.slice(0, 1).map(({ actions }) => ({ actions, resources: alike.flatMap(({ resources }) => resources) })),
  );
}

/** @param members that AWS Backup copies */
export const rightsToCopy = (members: readonly ManagedMember[]): readonly RightsToCopy[] =>
  byKind(members).flatMap(([kind, own]) => kinds.get(kind)?.toCopy?.(own) ?? []);

/** @param members that AWS Backup copies */
export const rightsToRestore = (members: readonly ManagedMember[]): readonly RightsToRestore[] =>
  byKind(members).flatMap(([kind, own]) => kinds.get(kind)?.toRestore?.(own) ?? []);

const byKind = (members: readonly ManagedMember[]) => [...Map.groupBy(members, ({ kind }) => kind)];

/** Of the members that say `export` or `copy`, a bucket or key once. */
export const exportPermissions = (members: readonly Member[], what: keyof ExportPermissions): readonly Statement[] => [
  ...placesOf(members, (member) => member.export?.bucket).flatMap(
    ({ kind, place, resources }) => kinds.get(kind)?.exportPermissions?.(place, resources)[what] ?? [],
  ),
  ...placesOf(members, (member) => member.copy?.kmsKey).flatMap(
    ({ kind, place, resources }) => kinds.get(kind)?.keyPermissions?.(place, resources)[what] ?? [],
  ),
];

/** Of the workloads that say `copyTo`, a place and kind once. */
export function copyPermissions(workloads: readonly Workload[], what: keyof CopyPermissions): readonly Statement[] {
  const wanted = workloads.flatMap(({ copyTo, members }) =>
    copyTo === undefined ? [] : members.map(({ kind }) => ({ kind, region: copyTo.region, key: copyTo.key })),
  );
  const once = new Map(wanted.map((each) => [`${each.kind} ${each.region} ${each.key}`, each]));
  return [...once.values()].flatMap(({ kind, ...place }) => kinds.get(kind)?.copyPermissions?.(place)[what] ?? []);
}

/** Of the members that say `seed`, a bucket once. */
export const seedPermissions = (members: readonly Member[], step: StepName): readonly Statement[] =>
  placesOf(members, (member) => member.seed?.bucket).flatMap(
    ({ kind, place }) => kinds.get(kind)?.seedPermissions?.(place)[step] ?? [],
  );

/** Each once, with the resources of a kind that name it. */
function placesOf(members: readonly Member[], placeOf: (member: ManagedMember) => string | undefined) {
  const named = members.flatMap((member) => {
    const place = 'resource' in member ? placeOf(member) : undefined;
    return 'resource' in member && place !== undefined ? [{ member, place }] : [];
  });
  return [...Map.groupBy(named, ({ member, place }) => `${member.kind} ${place}`).values()].flatMap((some) =>
    some.slice(0, 1).map(({ member, place }) => ({
      ...{ kind: member.kind, place },
      resources: some.map(({ member: { resource } }) => resource),
    })),
  );
}

const stepNames: readonly string[] = [
  ...new Set([...kinds.values()].flatMap(({ permissions }) => Object.keys(permissions))),
];

export const actsOnResources = (step: string): step is StepName => stepNames.includes(step);
