/**
 * What the deployed roles allow, and what their functions and machines asked for: noted by every stage that closes while
 * HOLDFAST_PRIVILEGES names a folder, for `report.ts` to compare over the whole suite.
 */
import { appendFileSync, mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { evaluate } from '#simulator/iam/evaluate.ts';
import type { Identity } from '#simulator/iam/identity.ts';
import type { PolicyStatement } from '#simulator/iam/policy.ts';
import { matchesWildcard } from '#simulator/iam/wildcard.ts';
import type { CallRecord } from '#simulator/kernel/call-log.ts';
import type { Access } from '#simulator/kernel/service.ts';
import type { Region } from '#simulator/region.ts';

/** `granted`: a statement says so. `used`: a call needed it. `lacking`: a call needed it, and nothing allowed it. */
export type Kind = 'granted' | 'used' | 'lacking';

/** One line of the record: kind, role, action, resource. */
export const separator = '\t';

const noted = new Set<string>();

export function notePrivileges(region: Region, folder = process.env.HOLDFAST_PRIVILEGES): void {
  if (folder === undefined) return;
  const roles = region.identities.roles().filter(({ caller }) => caller.arn.includes('role/Holdfast'));
  // Most accesses of a stage are alike.
  const known = new Set<string>();
  const lines = [...roles.flatMap(granted), ...region.calls.all().flatMap((record) => asked(record, roles, known))];
  const fresh = [...new Set(lines)].filter((line) => !noted.has(line));
  for (const line of fresh) noted.add(line);
  if (fresh.length === 0) return;
  mkdirSync(folder, { recursive: true });
  appendFileSync(join(folder, `${process.pid}.tsv`), `${fresh.join('\n')}\n`);
}

const granted = ({ caller, policies }: Identity): readonly string[] =>
  policies
    .flatMap(({ statements }) => statements)
    .filter(({ effect }) => effect === 'Allow')
    .flatMap(({ actions, resources }) =>
      actions.flatMap((action) => resources.map((resource) => line('granted', caller.arn, action, resource))),
    );

/** A refusal that a test put there is not the role's doing: the role is asked again. */
function asked(
  { call, accesses, errorCode }: CallRecord,
  roles: readonly Identity[],
  known: Set<string>,
): readonly string[] {
  const role = roles.find(({ caller }) => caller.arn === call.caller.arn);
  if (role === undefined) return [];
  return accesses.flatMap((access) => {
    const likeness = [role.caller.arn, access.action, access.resource, errorCode].join(separator);
    if (known.has(likeness)) return [];
    known.add(likeness);
    const isRefused = errorCode !== undefined && evaluate(role.policies, access) !== 'allow';
    if (isRefused && /Unauthorized|Denied|AuthorizationError/.test(errorCode)) {
      return [line('lacking', role.caller.arn, access.action, access.resource)];
    }
    return role.policies
      .flatMap(({ statements }) => statements)
      .flatMap((statement) => uses(statement, access))
      .map(([action, resource]) => line('used', role.caller.arn, action, resource));
  });
}

const uses = ({ actions, resources }: PolicyStatement, access: Access): readonly (readonly [string, string])[] =>
  actions
    .filter((action) => matchesWildcard(access.action.toLowerCase(), action.toLowerCase()))
    .flatMap((action) =>
      resources
        .filter((resource) => matchesWildcard(access.resource, resource))
        .map((resource) => [action, resource] as const),
    );

const line = (kind: Kind, roleArn: string, action: string, resource: string): string =>
  [kind, roleName(roleArn), action, anyone(resource)].join(separator);

/** `…role/Holdfast-DefaultPlanRunRole1A2B3C4D-0123456789AB` → `PlanRun` */
const roleName = (arn: string): string =>
  (arn.split('/').at(-1) ?? arn).replace(/^Holdfast-(Default)?/, '').replace(/(Role)?[0-9A-F]{8}-[0-9A-F]{12}$/, '');

/** The same whatever the policy of the scenario: without account, instance ids, numbers of like tables and what CloudFormation appends to names. */
const anyone = (resource: string): string =>
  resource
    .replace(/^arn:aws:(\w+):[\w-]*:\w*:/, '$1:')
    .replace(/\bi-[0-9a-f]{8,}/, 'i-…')
    .replace(/key\/[0-9a-f-]{36}/, 'key/…')
    .replace(/\btable-\d+\b/, 'table-…')
    .replace(/[0-9A-F]{8}-[\w-]{12,}/g, '…');
