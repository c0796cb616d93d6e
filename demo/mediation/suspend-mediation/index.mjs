/**
 * What the owner of the platform deploys, and the policy names: says what is wanted, answers what is so, and is asked again until they agree.
 * The platform resumes by itself at the time that it is told here first, whatever is lost afterwards.
 */
import { GetParameterCommand, PutParameterCommand, SSMClient } from '@aws-sdk/client-ssm';

const ssm = new SSMClient({});

export const handler = async ({ action, deadlineSeconds }) => {
  const wasHeld = await isSuspended();
  const until = new Date(Date.now() + deadlineSeconds * 1000).toISOString();
  if (action === 'quiesce') await want(`suspended until ${until}`);
  if (action === 'release') await want('active');
  return { held: await isSuspended(), wasHeld };
};

const want = (Value) => ssm.send(new PutParameterCommand({ Name: '/mediation/wanted', Value, Overwrite: true }));

async function isSuspended() {
  const { Parameter } = await ssm.send(new GetParameterCommand({ Name: '/mediation/state' }));
  return Parameter.Value === 'suspended';
}
