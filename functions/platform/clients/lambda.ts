/** Lambda, as far as the functions use it: to wake one another, and to ask a function of the owner's. */
import { awsCaller, type CallerSettings } from '../aws/aws-caller.ts';
import { restJsonRefusal } from '../aws/rest-json-refusal.ts';
import { lazy } from '../lazy.ts';

export interface Lambda {
  /** Queues an event for a function; who invokes so hears nothing of what becomes of it. */
  invokeLater(functionName: string, event: object): Promise<void>;
  /** What a function makes of an event, JSON; of one that failed its error (`errorType`, `errorMessage`). */
  invoke(functionName: string, event: object): Promise<string>;
}

export const lambdaService = { id: 'Lambda', host: 'lambda' };

export const lambda: () => Lambda = lazy(() => lambdaOver());

/** A function of the owner's may have to ask others; it is to answer at once all the same. */
const answerTimeoutMs = 30_000;

export function lambdaOver(settings?: CallerSettings): Lambda {
  const call = awsCaller({ ...lambdaService, refusal: restJsonRefusal }, settings);
  const callAndWait = awsCaller(
    { ...lambdaService, refusal: restJsonRefusal, replyTimeoutMs: answerTimeoutMs },
    settings,
  );
  const invocation = (functionName: string, type: 'Event' | 'RequestResponse', event: object) => ({
    path: `/2015-03-31/functions/${encodeURIComponent(functionName)}/invocations`,
    headers: { 'content-type': 'application/octet-stream', 'x-amz-invocation-type': type },
    body: JSON.stringify(event),
  });
  return {
    async invokeLater(functionName, event) {
      await call(invocation(functionName, 'Event', event));
    },
    invoke: (functionName, event) => callAndWait(invocation(functionName, 'RequestResponse', event)),
  };
}
