/** What all measurements of nights have in common. */

/** Mean of a snapshot's completion; each varies by up to a fifth. */
export const meanCompletionSeconds = 300;
