/** Lambda, as far as the functions use it: to wake one another. */
import { loadRestJsonErrorCode } from '@smithy/core/protocols';
import { awsCaller, type CallerSettings } from '../aws/aws-caller.ts';
import { messageOf, parsed } from '../aws/json-caller.ts';
import type { Reply } from '../aws/reply-error.ts';
import { lazy } from '../lazy.ts';

export interface Lambda {
  /** Queues an event for a function; who invokes so hears nothing of what becomes of it. */
  invokeLater(functionName: string, event: object): Promise<void>;
}

export const lambdaService = { id: 'Lambda', host: 'lambda' };

export const lambda: () => Lambda = lazy(() => lambdaOver());

export function lambdaOver(settings?: CallerSettings): Lambda {
  const call = awsCaller({ ...lambdaService, refusal }, settings);
  return {
    async invokeLater(functionName, event) {
      await call({
        path: `/2015-03-31/functions/${encodeURIComponent(functionName)}/invocations`,
        headers: { 'content-type': 'application/octet-stream', 'x-amz-invocation-type': 'Event' },
        body: JSON.stringify(event),
      });
    },
  };
}

function refusal(reply: Reply) {
  const body = parsed(reply.body);
  return { code: loadRestJsonErrorCode({ ...reply }, body ?? {}), message: messageOf(body) };
}
