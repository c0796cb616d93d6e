import type { NormalizedSchema } from '@smithy/core/schema';
import { fromBase64 } from '@smithy/core/serde';

/** A timestamp of a header, label, query or form: ISO 8601, HTTP date, or epoch seconds. */
export function timestampOf(text: string): Date {
  return /^-?\d+(\.\d+)?$/.test(text) ? new Date(Number(text) * 1000) : new Date(text);
}

/** The value of a scalar shape from its text, where a protocol writes scalars as text. */
export function simpleValue(schema: NormalizedSchema, text: string): unknown {
  if (schema.isBooleanSchema()) return text === 'true';
  if (schema.isNumericSchema()) return Number(text);
  if (schema.isBigIntegerSchema()) return BigInt(text);
  if (schema.isTimestampSchema()) return timestampOf(text);
  if (schema.isBlobSchema()) return fromBase64(text);
  return text;
}
