/** Looks until there is an answer, or no time for another look. @returns the answer, or undefined */
export async function lookUntil<Answer>(
  endsAtMs: number,
  pauseMs: number,
  look: () => Promise<Answer | undefined>,
): Promise<Answer | undefined> {
  for (;;) {
    const answer = await look();
    if (answer !== undefined || Date.now() + pauseMs > endsAtMs) return answer;
    await new Promise<void>((resolve) => setTimeout(resolve, pauseMs));
  }
}
