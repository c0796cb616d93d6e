/** Fleets that nights are measured with, in data volumes. */
export const sizes = [1, 10, 100, 1000, 10_000] as const;
