import type { GetParameterRequest, PutParameterRequest } from '@aws-sdk/client-ssm';
import { ApiError } from '../../kernel/service.ts';
import type { SsmContext } from './records.ts';

/** As text that nobody can read. */
const encrypted = (value: string): string => `AQICAH${Buffer.from(value).toString('hex')}`;

/** Parameter Store: the newest version of each. A value is a String unless it was put as something else; the keys of secure ones are not simulated. */
export const parameterOperations = ({ parameters, parameterTypes }: SsmContext) => ({
  GetParameter: ({ Name = '', WithDecryption = false }: GetParameterRequest) => {
    const value = parameters.get(Name);
    if (value === undefined) throw new ApiError('ParameterNotFound', `The parameter ${Name} does not exist.`);
    const Type = parameterTypes.get(Name) ?? 'String';
    const isHidden = Type === 'SecureString' && !WithDecryption;
    return { Parameter: { Name, Type, Value: isHidden ? encrypted(value) : value } };
  },
  PutParameter: ({ Name = '', Value = '', Type, Overwrite = false }: PutParameterRequest) => {
    if (parameters.has(Name) && !Overwrite) {
      throw new ApiError(
        'ParameterAlreadyExists',
        'The parameter already exists. To overwrite this value, set the overwrite option in the request to true.',
      );
    }
    parameters.set(Name, Value);
    if (Type !== undefined) parameterTypes.set(Name, Type);
    return { Version: 2, Tier: 'Standard' as const };
  },
});
