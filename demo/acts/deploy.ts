import { that } from '../checks.ts';
import { addressOf } from '../people.ts';
import type { Act } from '../stage.ts';

/** The stack as CloudFormation would have made it, and what it stands on. */
export const deploy: Act = {
  id: 'deploy',
  title: 'The stack is deployed from its own CloudFormation template',
  async play({ account, narrator, operate, policy }) {
    const types = [...account.stack.resources.values()].map(({ type }) => type);
    const count = (type: string) => types.filter((each) => each === type).length;
    const counts = {
      functions: count('AWS::Lambda::Function'),
      roles: count('AWS::IAM::Role'),
      machines: count('AWS::StepFunctions::StateMachine'),
      schedules: count('AWS::Scheduler::Schedule'),
    };
    narrator.event({ counts });
    narrator.say(
      `${types.length} resources: ${counts.functions} functions (their real bundles), each with a role of its own that every call is checked against, ${counts.machines} state machines, ${counts.schedules} schedules. Failures are mailed to ${addressOf(policy, 'failures')}.`,
    );
    const { exitCode } = await operate('plan');
    return [
      that(
        'every workload has a schedule',
        counts.schedules === policy.workloads.length,
        String(policy.workloads.length),
        String(counts.schedules),
      ),
      that(
        'the plan finds every volume of the policy and refuses nothing',
        exitCode === 0,
        'exit code 0',
        `exit code ${exitCode}`,
      ),
    ];
  },
};
