/** Simulated CloudFormation, as far as reading a stack's outputs and resources goes. Stacks come from the deployer. */
import type {
  DescribeStackResourcesCommandInput,
  DescribeStackResourcesCommandOutput,
  DescribeStacksCommandInput,
  DescribeStacksCommandOutput,
  Stack as StackOutput,
} from '@aws-sdk/client-cloudformation';
import { arn } from '../../iam/arn.ts';
import { ApiError, type Kernel, type Service } from '../../kernel/service.ts';

/** What is told of a stack. */
export interface StackFacts {
  readonly name: string;
  readonly id: string;
  readonly createdMs: number;
  readonly outputs: Readonly<Record<string, string>>;
  readonly resources: ReadonlyMap<string, { readonly type: string; readonly ref: string }>;
}

function describe(stack: StackFacts): StackOutput {
  const outputs = Object.entries(stack.outputs);
  return {
    StackName: stack.name,
    StackId: stack.id,
    StackStatus: 'CREATE_COMPLETE',
    CreationTime: new Date(stack.createdMs),
    Outputs: outputs.map(([name, value]) => ({ OutputKey: name, OutputValue: value })),
  };
}

/** A CloudFormation over the stacks that `stacks` holds by name. */
export function createCloudFormation(kernel: Kernel, stacks: ReadonlyMap<string, StackFacts>): Service {
  const lookUp = (name: string) => [...stacks.values()].find((stack) => stack.name === name || stack.id === name);
  const find = (name: string): StackFacts => {
    const found = lookUp(name);
    if (!found) throw new ApiError('ValidationError', `Stack with id ${name} does not exist`);
    return found;
  };
  return {
    name: 'cloudformation',
    client: () => import('@aws-sdk/client-cloudformation'),
    operations: {
      DescribeStacks: (input: DescribeStacksCommandInput): Omit<DescribeStacksCommandOutput, '$metadata'> => ({
        Stacks: input.StackName ? [describe(find(input.StackName))] : [...stacks.values()].map(describe),
      }),
      DescribeStackResources: (
        input: DescribeStackResourcesCommandInput,
      ): Omit<DescribeStackResourcesCommandOutput, '$metadata'> => {
        const stack = find(input.StackName ?? '');
        const shared = { StackName: stack.name, StackId: stack.id, Timestamp: new Date(stack.createdMs) };
        return {
          StackResources: [...stack.resources].map(([logicalId, { type, ref }]) => ({
            ...shared,
            LogicalResourceId: logicalId,
            PhysicalResourceId: ref,
            ResourceType: type,
            ResourceStatus: 'CREATE_COMPLETE',
          })),
        };
      },
    },
    access: (operation, { StackName }: DescribeStacksCommandInput) => {
      const id = (name: string) => lookUp(name)?.id ?? arn(kernel, 'cloudformation', `stack/${name}/*`);
      return [{ action: `cloudformation:${operation}`, resource: StackName ? id(StackName) : '*' }];
    },
  };
}
