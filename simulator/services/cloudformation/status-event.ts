import type { ServiceEvent } from '../../kernel/service.ts';

/** "CloudFormation Stack Status Change". Source: CloudFormation User Guide, "CloudFormation events detail reference". */
export const statusEvent = (stackId: string, status: string): ServiceEvent => ({
  source: 'aws.cloudformation',
  detailType: 'CloudFormation Stack Status Change',
  resources: [stackId],
  detail: { 'stack-id': stackId, 'status-details': { status, 'status-reason': '' }, 'client-request-token': '' },
});
