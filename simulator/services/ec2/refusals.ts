import { ApiError } from '../../kernel/service.ts';

type ResourceKind = keyof typeof CODES;

const CODES = {
  instance: 'InvalidInstanceID',
  volume: 'InvalidVolumeID',
  snapshot: 'InvalidSnapshotID',
  image: 'InvalidAMIID',
} as const;

/** Refusals in AWS's codes (EC2 API, "Error codes for the Amazon EC2 API") and, where known, its words. */
export function notFound(kind: ResourceKind, ids: readonly string[]): ApiError {
  const code = { ...CODES, volume: 'InvalidVolume', snapshot: 'InvalidSnapshot' }[kind];
  const noun = { instance: 'instance ID', volume: 'volume', snapshot: 'snapshot', image: 'image id' }[kind];
  const verb = ids.length > 1 ? 's' : '';
  return new ApiError(`${code}.NotFound`, `The ${noun}${verb} '${ids.join(', ')}' do${verb ? '' : 'es'} not exist.`);
}

export function malformed(kind: ResourceKind, id: string): ApiError {
  return new ApiError(`${CODES[kind]}.Malformed`, `Invalid id: "${id}"`);
}

export function incorrectState(message: string): ApiError {
  return new ApiError('IncorrectState', message);
}

export function incorrectInstanceState(message: string): ApiError {
  return new ApiError('IncorrectInstanceState', message);
}

export function invalidValue(message: string): ApiError {
  return new ApiError('InvalidParameterValue', message);
}

export function invalidCombination(message: string): ApiError {
  return new ApiError('InvalidParameterCombination', message);
}

export function missingParameter(name: string): ApiError {
  return new ApiError('MissingParameter', `The request must contain the parameter ${name}`);
}

/** For what AWS can do and this region cannot: a plain error, so that the gateway reports it loudly. */
export function notSimulated(what: string): Error {
  return new Error(`not simulated: ${what}`);
}
