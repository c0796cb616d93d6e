/** The SSM parameter by which applications find a resource that cannot be renamed. */
import { codeOf } from '#platform/aws-errors.ts';
import { ssm } from '#platform/clients/ssm.ts';

export interface Parameter {
  /** Of a SecureString, which is not decrypted, it is no text that anybody wrote. */
  readonly Value?: string | undefined;
  /** String, StringList or SecureString. */
  readonly Type?: string | undefined;
}

/** Undefined: there is none of that name. */
export async function readParameter(name: string): Promise<Parameter | undefined> {
  try {
    return (await ssm().getParameter({ Name: name })).Parameter;
  } catch (error) {
    if (codeOf(error) === 'ParameterNotFound') return undefined;
    throw error;
  }
}

export async function putParameter(name: string, value: string): Promise<void> {
  await ssm().putParameter({ Name: name, Value: value, Type: 'String', Overwrite: true });
}
