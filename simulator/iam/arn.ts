import type { Kernel } from '../kernel/service.ts';

/** Resource names without a Region, as their services define them (IAM, "Service Authorization Reference"). */
const GLOBAL_SERVICES = new Set(['iam', 's3']);

/**
 * The ARN of a resource of this region's account: `arn(kernel, 'ec2', 'volume/vol-1')`. Snapshots and images belong to
 * no account in ARNs of EC2: `arn:aws:ec2:eu-west-1::snapshot/snap-1`.
 */
export function arn(kernel: Pick<Kernel, 'account' | 'regionName'>, service: string, resource: string): string {
  const region = GLOBAL_SERVICES.has(service) ? '' : kernel.regionName;
  const account = service === 's3' || isAccountless(service, resource) ? '' : kernel.account;
  return `arn:aws:${service}:${region}:${account}:${resource}`;
}

function isAccountless(service: string, resource: string): boolean {
  return service === 'ec2' && /^(snapshot|image)\//.test(resource);
}
