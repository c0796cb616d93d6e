/** Service Authorization Reference, OpenSearch Service; Developer Guide, "Identity and Access Management": of the domain's own API the resource is a path. */
import { arn } from '../../iam/arn.ts';
import type { Access, Kernel } from '../../kernel/service.ts';
import type { Domains } from './domains.ts';

interface Named {
  readonly DomainName?: string;
  readonly host?: string;
  readonly path?: string;
}

export function openSearchAccess(
  kernel: Kernel,
  domains: Domains,
  operation: string,
  { DomainName, host = '', path = '' }: Named,
): readonly Access[] {
  const name = DomainName ?? domains.byHost(host)?.name ?? '*';
  return [{ action: `es:${operation}`, resource: arn(kernel, 'es', `domain/${name}${path}`) }];
}
