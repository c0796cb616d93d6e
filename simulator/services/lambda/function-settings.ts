/** A function as deployed. Defaults are Lambda's own (Lambda Developer Guide, "Lambda quotas", "Configuring functions"). */
export interface FunctionSettings {
  readonly name: string;
  readonly arn: string;
  /** Folder with the unpacked code: `<module>.mjs` of the handler. */
  readonly codeDirectory: string;
  /** `index.handler` */
  readonly handler: string;
  readonly roleArn: string;
  /** The key by which the region recognises calls of this function's role. */
  readonly accessKeyId: string;
  readonly environment: Readonly<Record<string, string>>;
  /** 1 to 900; Lambda's default is 3. */
  readonly timeoutSeconds: number;
  /** Lambda's default is 128. */
  readonly memoryMib: number;
  readonly reservedConcurrency?: number;
  /** Ids of the subnets that it stands in; absent: in Lambda's own network, from which all of AWS's public endpoints are reached. */
  readonly subnets?: readonly string[];
  /** Queue or topic ARN of the function's own dead-letter setting. */
  readonly deadLetterArn?: string;
}

/** What happens to asynchronous invocations (AWS::Lambda::EventInvokeConfig). */
export interface AsyncSettings {
  /** 0 to 2, default 2. */
  readonly maximumRetryAttempts: number;
  /** Default 21,600. */
  readonly maximumEventAgeSeconds: number;
  /** ARN of the on-failure destination. */
  readonly onFailureArn?: string;
}

export const DEFAULT_ASYNC_SETTINGS: AsyncSettings = { maximumRetryAttempts: 2, maximumEventAgeSeconds: 21_600 };

/** What leaves a failed function: exactly what the Node.js runtime client sends, nothing else of the error survives. */
export interface FunctionError {
  readonly errorType: string;
  readonly errorMessage: string;
  readonly trace?: readonly string[];
}

export type InvocationResult =
  | { readonly ok: true; readonly requestId: string; readonly payload: unknown }
  | { readonly ok: false; readonly requestId: string; readonly error: FunctionError };

/** Virtual durations in milliseconds. Round figures for a bundled Node.js function of 512 MiB or more. */
export interface LambdaTimings {
  readonly coldStartMs: number;
  readonly warmStartMs: number;
  /** How long an idle execution environment is kept. AWS does not say; minutes are commonly observed. */
  readonly keptWarmMs: number;
  /** Between an asynchronous invocation's acceptance and its first attempt. */
  readonly queueMs: number;
}

export const DEFAULT_LAMBDA_TIMINGS: LambdaTimings = {
  coldStartMs: 300,
  warmStartMs: 5,
  keptWarmMs: 10 * 60_000,
  queueMs: 50,
};
