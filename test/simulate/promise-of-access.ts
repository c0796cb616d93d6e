/** Every call is one that the caller's deployed role allows. */
import type { Scene } from './scene.ts';
import { stepOf } from './step-of.ts';

const refusals = /AccessDenied|Unauthorized|AuthorizationError/;

export function brokenAccess({ stage, scenario, mishaps }: Scene): readonly string[] {
  const injected = mishaps.flatMap(({ denies }) => (denies ? [`${denies.caller} ${denies.operation}`] : []));
  const refused = stage.calls
    .all()
    .filter(
      ({ errorCode = '', call }) =>
        refusals.test(errorCode) &&
        !injected.includes(`${call.caller.name} ${call.operation}`) &&
        !scenario.denies?.includes(`${stepOf(call.caller.name)} ${call.operation}`),
    );
  return [...new Set(refused.map(({ call }) => `${call.caller.name} may not ${call.service}:${call.operation}`))];
}
