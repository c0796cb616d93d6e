/**
 * What a simulated service is, and what the region gives it. A service is plain functions from the SDK's typed input to
 * its typed output; codecs, IAM, faults, throttles and the call log are the gateway's business.
 */

import type { CallLog } from './call-log.ts';
import type { Clock } from './clock.ts';
import type { Faults } from './faults.ts';
import type { Random } from './random.ts';

/** Who makes a call: a deployed role (functions, state machines, schedules, rules), the operator, or AWS itself. */
export interface Caller {
  /** `role`: policies are enforced. `operator`: the person's own credentials, all allowed. `service`: AWS acting by itself. */
  readonly kind: 'role' | 'operator' | 'service';
  /** ARN of the role or user; of a service, its principal (`events.amazonaws.com`). */
  readonly arn: string;
  /** Readable origin for logs: `function:begin-run`, `state-machine:recover`, `operator`. */
  readonly name: string;
}

/** One call as it reached the region. */
export interface Call {
  readonly id: string;
  readonly service: string;
  readonly operation: string;
  readonly caller: Caller;
  /** Virtual time of acceptance, epoch milliseconds. */
  readonly timeMs: number;
  /** Where the caller reached the region when that was no name of AWS's: `http://127.0.0.1:4599`. */
  readonly origin?: string;
}

/** One thing IAM must allow for a call to go on. Several per call are common (ec2:CreateSnapshots also needs ec2:CreateTags). */
export interface Access {
  /** `ec2:CreateSnapshots` */
  readonly action: string;
  /** ARN, or `*` for actions without resource types. */
  readonly resource: string;
  /** Condition keys known for this access, e.g. `aws:ResourceTag/holdfast:workload`, `aws:RequestTag/…`, `ec2:CreateAction`. */
  readonly context?: Readonly<Record<string, string | readonly string[]>>;
}

/** A refusal as AWS words it; the gateway serialises it in the protocol's own envelope. */
export class ApiError extends Error {
  override readonly name: string;
  readonly status: number;
  constructor(code: string, message: string, status = 400) {
    super(message);
    this.name = code;
    this.status = status;
  }
}

/** An event that an AWS service puts on the default bus. Best effort, as EventBridge documents: faults may drop or double it. */
export interface ServiceEvent {
  readonly source: string;
  readonly detailType: string;
  readonly resources: readonly string[];
  readonly detail: Readonly<Record<string, unknown>>;
}

/** What every service of the region is built from. */
export interface Kernel {
  readonly clock: Clock;
  readonly random: Random;
  readonly faults: Faults;
  readonly calls: CallLog;
  readonly account: string;
  /** `eu-west-1` */
  readonly regionName: string;
  /** Puts an AWS service's event on the default bus; returns at once, delivery follows in virtual time. */
  emit(event: ServiceEvent): void;
}

export type Operation<Input, Output> = (input: Input, call: Call) => Output | Promise<Output>;

/**
 * One simulated service. `operations` is keyed by the API's operation names; an operation that is not there fails loudly
 * with its name (`UnknownOperation`), so a new call in the product cannot go unnoticed.
 */
export interface Service {
  /** Signing name as in the credential scope: `ec2`, `ssm`, `states`, `lambda`, `events`, `scheduler`, `sns`, `dynamodb` … */
  readonly name: string;
  /** What describes its API on the wire: the exports of its SDK client's package. */
  readonly client: () => Promise<Readonly<Record<string, unknown>>>;
  // biome-ignore lint/suspicious/noExplicitAny: the registry holds every service's own input type; each service types its functions by the SDK's shapes
  readonly operations: Readonly<Record<string, Operation<any, unknown>>>;
  /** What the caller must be allowed to do. Called before the operation; may look at state (tags of the resources named). */
  access(operation: string, input: unknown): readonly Access[];
  /**
   * Token buckets of this service: bucket name and tokens that a call draws. The gateway refuses with the service's
   * throttling error when one is empty. Absent: never throttled (but by a fault).
   */
  buckets?(
    operation: string,
    input: unknown,
  ): readonly {
    readonly bucket: string;
    readonly tokens: number;
    readonly capacity: number;
    readonly refillPerSecond: number;
  }[];
}
