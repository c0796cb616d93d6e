import type { Caller } from '../kernel/service.ts';

/** One API call that a simulated service makes for somebody, with the SDK's typed input. */
export interface InnerCall {
  readonly caller: Caller;
  /** Signing name: `lambda`, `sqs` … */
  readonly service: string;
  readonly operation: string;
  readonly input: unknown;
}

/**
 * Makes a call from inside the region: the same faults, IAM checks and call log as a call over the wire, without the wire.
 * Rejects with ApiError when refused.
 */
export type Perform = (call: InnerCall) => Promise<unknown>;

/** Adds one observation to a CloudWatch metric. */
export type RecordMetric = (
  namespace: string,
  name: string,
  dimensions: Readonly<Record<string, string>>,
  value: number,
) => void;
