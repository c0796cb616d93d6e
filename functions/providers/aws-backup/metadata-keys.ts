/** Keys of restore metadata: AWS Backup takes them in any case, and values that are more than text as JSON. Pure. */
export type Values = Readonly<Record<string, unknown>>;

/**
 * In the case that is documented.
 * @param accepted keys that the type takes; whatever else is told (`aws:backup:request-id` …) makes a job fail
 */
export function only<Value>(
  told: Readonly<Record<string, Value>>,
  accepted: readonly string[],
): Readonly<Record<string, Value>> {
  const byKey = new Map(Object.entries(told).map(([key, value]) => [key.toLowerCase(), value]));
  return Object.fromEntries(
    accepted.flatMap((key) => {
      const value = byKey.get(key.toLowerCase());
      return value === undefined ? [] : [[key, value]];
    }),
  );
}

/** Without what has no value. */
export const set = (values: Values): Readonly<Record<string, string>> =>
  Object.fromEntries(
    Object.entries(values).flatMap(([key, value]) =>
      value === undefined ? [] : [[key, typeof value === 'string' ? value : JSON.stringify(value)]],
    ),
  );

/** Of a value that is JSON of an object; of any other: nothing. */
export function nested(text: string | undefined): Values {
  try {
    const value: unknown = JSON.parse(text ?? '{}');
    return typeof value === 'object' && value !== null ? { ...value } : {};
  } catch {
    return {};
  }
}

/** The keys of those that have no value. */
export const lacking = (needed: Values): readonly string[] =>
  Object.entries(needed).flatMap(([key, value]) => (value === undefined ? [key] : []));
