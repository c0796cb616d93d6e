/** A setting of a record, where the service tells it: to be spread into the record. */
export const ifKnown = <Key extends string, Value>(key: Key, value: Value | undefined) =>
  value === undefined ? {} : { [key]: value };
