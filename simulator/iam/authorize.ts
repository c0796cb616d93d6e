import { type Access, ApiError, type Caller } from '../kernel/service.ts';
import type { Context } from './condition.ts';
import { evaluate } from './evaluate.ts';
import type { Identity } from './identity.ts';

/** How each service names a refusal by IAM (their API references, "Common errors"). */
const REFUSALS: Readonly<Record<string, { readonly code: string; readonly status: number }>> = {
  autoscaling: { code: 'AccessDenied', status: 403 },
  cloudformation: { code: 'AccessDenied', status: 403 },
  es: { code: 'AccessDeniedException', status: 403 },
  ec2: { code: 'UnauthorizedOperation', status: 403 },
  lambda: { code: 'AccessDeniedException', status: 403 },
  route53: { code: 'AccessDenied', status: 403 },
  s3: { code: 'AccessDenied', status: 403 },
  scheduler: { code: 'AccessDeniedException', status: 403 },
  sns: { code: 'AuthorizationError', status: 403 },
  sqs: { code: 'AccessDenied', status: 403 },
  sts: { code: 'AccessDenied', status: 403 },
};

const BECAUSE = {
  'implicit-deny': (action: string) => `no identity-based policy allows the ${action} action`,
  'explicit-deny': () => 'with an explicit deny in an identity-based policy',
};

function refusal(service: string, caller: Caller, { action, resource }: Access, because: string): ApiError {
  const { code, status } = REFUSALS[service] ?? { code: 'AccessDeniedException', status: 400 };
  const who = `User: ${caller.arn} (${caller.name}) is not authorized to perform: ${action} on resource: ${resource}`;
  const opening = service === 'ec2' ? 'You are not authorized to perform this operation. ' : '';
  return new ApiError(code, `${opening}${who} because ${because}`, status);
}

/**
 * Refuses what the identity's policies do not allow; callers other than roles are never checked.
 * @throws ApiError in the service's own words, naming action, resource and role.
 */
export function authorize(service: string, identity: Identity, accesses: readonly Access[], context: Context): void {
  if (identity.caller.kind !== 'role') return;
  for (const access of accesses) {
    const decision = evaluate(identity.policies, access, context);
    if (decision !== 'allow') throw refusal(service, identity.caller, access, BECAUSE[decision](access.action));
  }
}
