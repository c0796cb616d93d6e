/** Policies on queues and topics, as far as they let AWS's services in. */
import { evaluate } from '../iam/evaluate.ts';
import { parsePolicy } from '../iam/policy.ts';
import { isObject, type Json } from './resolve.ts';

export interface ResourcePolicies {
  /** Replaces the resource's policy. */
  put(resourceArn: string, document: unknown): void;
  remove(resourceArn: string): void;
  has(resourceArn: string): boolean;
  /** Whether that service principal may act on the resource on behalf of `sourceArn` (a rule, an alarm). */
  permits(resourceArn: string, action: string, principal: string, sourceArn: string): boolean;
}

function names(principal: unknown, service: string): boolean {
  if (principal === '*') return true;
  if (!isObject(principal)) return false;
  return principal.AWS === '*' || [principal.Service ?? []].flat().includes(service);
}

function withoutPrincipal({ Principal: _, ...statement }: Json): Json {
  return statement;
}

/** No policies yet: nobody is let in. */
export function createResourcePolicies(account: string): ResourcePolicies {
  const documents = new Map<string, unknown>();
  return {
    put: (resourceArn, document) => void documents.set(resourceArn, document),
    has: (resourceArn) => documents.has(resourceArn),
    remove: (resourceArn) => void documents.delete(resourceArn),
    permits(resourceArn, action, principal, sourceArn) {
      const document = documents.get(resourceArn);
      const all: readonly unknown[] = isObject(document) ? [document.Statement].flat() : [];
      const own = all.filter(isObject).filter((statement) => names(statement.Principal, principal));
      if (own.length === 0) return false;
      const policy = parsePolicy(resourceArn, { Statement: own.map(withoutPrincipal) });
      const context = { 'aws:SourceArn': sourceArn, 'aws:SourceAccount': account, 'aws:SecureTransport': 'true' };
      return evaluate([policy], { action, resource: resourceArn, context }) === 'allow';
    },
  };
}
