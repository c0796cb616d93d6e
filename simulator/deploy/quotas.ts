/** What AWS takes of a stack at most: a deployment that wants more fails, some of these half-way through it. */
import type { Policy } from '../iam/policy.ts';
import { isObject, type Json } from './resolve.ts';

/** CloudFormation User Guide, cloudformation-limits. */
const TEMPLATE_BYTES = 1_000_000;
const RESOURCES = 500;
/** IAM User Guide, reference_iam-quotas: white space is not counted. */
const MANAGED_POLICY_CHARACTERS = 6144;
const INLINE_POLICIES_CHARACTERS = 10_240;
const MANAGED_POLICIES_OF_ROLE = 10;
/** Lambda Developer Guide, gettingstarted-limits. */
const ENVIRONMENT_BYTES = 4096;

/** @throws Error as CloudFormation refuses it, before it touches anything */
export function checkTemplate(template: Json, bytes: number): void {
  const resources = isObject(template.Resources) ? Object.keys(template.Resources).length : 0;
  if (bytes > TEMPLATE_BYTES) throw new Error(`Template may not exceed ${TEMPLATE_BYTES} bytes in size.`);
  if (resources > RESOURCES)
    throw new Error(`Number of resources, ${resources}, is greater than maximum allowed, ${RESOURCES}`);
}

/** Of those of a role, or of a managed one alone. @throws Error as IAM refuses it */
export function checkPolicies(role: string, policies: readonly Policy[]): void {
  const [managed, inline] = [policies.filter((each) => each.isManaged), policies.filter((each) => !each.isManaged)];
  if (managed.some(({ characters = 0 }) => characters > MANAGED_POLICY_CHARACTERS)) {
    throw new Error(`Cannot exceed quota for PolicySize: ${MANAGED_POLICY_CHARACTERS}`);
  }
  if (managed.length > MANAGED_POLICIES_OF_ROLE) {
    throw new Error(`Cannot exceed quota for PoliciesPerRole: ${MANAGED_POLICIES_OF_ROLE}`);
  }
  if (inline.reduce((sum, { characters = 0 }) => sum + characters, 0) > INLINE_POLICIES_CHARACTERS) {
    throw new Error(`Maximum policy size of ${INLINE_POLICIES_CHARACTERS} bytes exceeded for role ${role}`);
  }
}

export function checkEnvironment(variables: Readonly<Record<string, string>>): void {
  const bytes = Buffer.byteLength(JSON.stringify(variables));
  if (bytes <= ENVIRONMENT_BYTES) return;
  throw new Error(
    `Lambda was unable to configure your environment variables because the environment variables you have provided exceeded the 4KB limit. String measured: ${bytes} bytes`,
  );
}
