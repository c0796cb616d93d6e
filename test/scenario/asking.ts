/** Single functions that are asked by hand: what they answer, and what they write to their logs. */
import { functionNamed } from './recovering.ts';
import type { Stage } from './stage.ts';

/**
 * What a step's function answers, or `<error>: <message>` when it fails.
 * @param step as its function is named, `PlanRun`
 */
export async function answerOf(stage: Stage, step: string, input?: object): Promise<unknown> {
  const { payload, functionError } = await stage.invoke(functionNamed(stage, step), input);
  const { errorType, errorMessage } = Object(payload);
  return functionError === undefined ? payload : `${errorType}: ${errorMessage}`;
}

/** `<LEVEL>: <message>` of every line that the step's function has logged, oldest first. */
export const logged = (stage: Stage, step: string): readonly string[] =>
  stage.services.lambda.logs(functionNamed(stage, step)).flatMap(({ text }) => {
    const { level, message } = Object(text.startsWith('{') ? JSON.parse(text) : undefined);
    return level === undefined ? [] : [`${level}: ${message}`];
  });
