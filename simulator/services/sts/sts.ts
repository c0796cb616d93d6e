import type { GetCallerIdentityResponse } from '@aws-sdk/client-sts';
import type { Call, Kernel, Service } from '../../kernel/service.ts';

/** A role's session has the ARN of the session, not of the role (STS, GetCallerIdentity). */
function sessionArn({ caller }: Call): string {
  const role = /^arn:aws:iam::(\d+):role\/(?:.*\/)?([^/]+)$/.exec(caller.arn);
  const session = caller.name.split(':').at(-1);
  return role ? `arn:aws:sts::${role[1]}:assumed-role/${role[2]}/${session}` : caller.arn;
}

/** STS: who am I. The call needs no permission. */
export function createSts(kernel: Kernel): Service {
  return {
    name: 'sts',
    client: () => import('@aws-sdk/client-sts'),
    operations: {
      GetCallerIdentity: (_input: object, call: Call): GetCallerIdentityResponse => ({
        Account: kernel.account,
        Arn: sessionArn(call),
        UserId: `AIDA:${call.caller.name}`,
      }),
    },
    access: () => [],
  };
}
