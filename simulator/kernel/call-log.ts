/** Everything that was asked of the region, in the order of acceptance: what tests and the demo's story are told from. */
import type { Access, Call } from './service.ts';

export interface CallRecord {
  readonly call: Call;
  /** The decoded input, typed as the SDK's `<Operation>CommandInput`. */
  readonly input: unknown;
  /** `lost`: the operation took effect, and its reply never arrived. */
  readonly outcome: 'ok' | 'refused' | 'lost';
  readonly errorCode?: string;
  /** What IAM was asked about (also of callers that are not checked). */
  readonly accesses: readonly Access[];
  /** Virtual time of the reply, epoch milliseconds. */
  readonly endedMs: number;
}

export interface CallLog {
  record(entry: CallRecord): void;
  all(): readonly CallRecord[];
  of(service: string, operation?: string): readonly CallRecord[];
  /** Calls that could change something: all but Describe…, Get…, List… and other reads. */
  mutating(): readonly CallRecord[];
  clear(): void;
}

const READS =
  /^(Describe|(ESHttp)?Get(?!Object)|ESHttpHead|Head|List|Query$|Scan$|BatchGet|GenerateDataKey|Lookup|Search|Filter|Simulate|Validate|Estimate)/;

/** An operation that changes nothing, by its name. */
export const isRead = (operation: string): boolean => READS.test(operation);

/** An empty log. */
export function createCallLog(): CallLog {
  let records: CallRecord[] = [];
  return {
    record: (entry) => void records.push(entry),
    all: () => records,
    of: (service, operation) =>
      records.filter(
        ({ call }) => call.service === service && (operation === undefined || call.operation === operation),
      ),
    mutating: () => records.filter(({ call }) => !isRead(call.operation)),
    clear: () => {
      records = [];
    },
  };
}
