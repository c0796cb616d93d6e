import type { GetParameterRequest, PutParameterRequest } from '@aws-sdk/client-ssm';
import { ApiError } from '../../kernel/service.ts';
import type { SsmContext } from './records.ts';

/** Parameter Store: plain strings, the newest version of each. */
export const parameterOperations = ({ parameters }: SsmContext) => ({
  GetParameter: ({ Name = '' }: GetParameterRequest) => {
    const value = parameters.get(Name);
    if (value === undefined) throw new ApiError('ParameterNotFound', `The parameter ${Name} does not exist.`);
    return { Parameter: { Name, Type: 'String' as const, Value: value } };
  },
  PutParameter: ({ Name = '', Value = '', Overwrite = false }: PutParameterRequest) => {
    if (parameters.has(Name) && !Overwrite) {
      throw new ApiError(
        'ParameterAlreadyExists',
        'The parameter already exists. To overwrite this value, set the overwrite option in the request to true.',
      );
    }
    parameters.set(Name, Value);
    return { Version: 2, Tier: 'Standard' as const };
  },
});
