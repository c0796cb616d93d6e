import { ApiError } from '../../kernel/service.ts';

/** Source: Step Functions API Reference, StartExecution, parameter `name`. */
// biome-ignore lint/suspicious/noControlCharactersInRegex: control characters are among what is forbidden
const FORBIDDEN = /[\s<>{}[\]?*"#%\\^|~`$&,;:/\u0000-\u001f\u007f-\u009f]/;

/** @throws ApiError InvalidName */
export function checkExecutionName(name: string): void {
  if (name.length === 0 || name.length > 80 || FORBIDDEN.test(name)) {
    throw new ApiError('InvalidName', `Invalid Name: '${name}'`);
  }
}
