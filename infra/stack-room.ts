import { CfnResource, Stack } from 'aws-cdk-lib';
import type { Construct } from 'constructs';

/** https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/cloudformation-limits.html */
const mostResources = 500;

/** Has the synthesis refuse a stack of more resources than CloudFormation takes, in the policy's words: the CDK's own count says nothing of what to do. */
export function checkRoom(scope: Construct): void {
  scope.node.addValidation({
    validate: () => {
      const { length } = Stack.of(scope)
        .node.findAll()
        .filter((each) => CfnResource.isCfnResource(each));
      if (length <= mostResources) return [];
      return [
        `The policy makes a stack of ${length} resources, and CloudFormation takes ${mostResources}. A time of a schedule is one, an address three, a plan of AWS Backup four or five: have workloads share times and addresses, or give some a stack of their own.`,
      ];
    },
  });
}
