/** An application that suspends and resumes as soon as it is told, so that what is measured is Holdfast's own. */
let held = false;

export const handler = async ({ action }) => {
  const wasHeld = held;
  if (action !== 'check') held = action === 'quiesce';
  return { held, wasHeld };
};
