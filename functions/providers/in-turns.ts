/** So many at the same time: services answer only so many questions a second, of a whole account. */
export const atOnce = 10;

/** Asks about each, some at the same time, the others after them. @returns answers in the order of the questions */
export async function inTurns<Asked, Answer>(
  asked: readonly Asked[],
  one: (each: Asked) => Promise<Answer>,
): Promise<readonly Answer[]> {
  const answers: Answer[] = [];
  for (let from = 0; from < asked.length; from += atOnce) {
    answers.push(...(await Promise.all(asked.slice(from, from + atOnce).map(one))));
  }
  return answers;
}
