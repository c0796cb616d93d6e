/** An error as the SDK's clients throw it: what `aws-errors.ts` reads, and what the SDK's retries go by. */
export interface ReplyError extends Error {
  readonly $fault: 'client' | 'server';
  readonly $metadata: {
    readonly httpStatusCode: number;
    readonly requestId?: string;
    /** The SDK's word, by which its retries know that a repeat bears the right time. */
    readonly clockSkewCorrected?: true;
  };
  /** For the retries: `Retry-After`. */
  readonly $response: Reply;
}

export interface Reply {
  readonly statusCode: number;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string;
}

/** What a reply without success says of itself, read in its service's protocol. */
export interface Refusal {
  readonly code: string | undefined;
  readonly message: string | undefined;
}

/** @param isTimeCorrected the request bore a wrong time, and the next will bear the right one */
export function replyError(reply: Reply, { code, message }: Refusal, isTimeCorrected = false): ReplyError {
  const { statusCode, headers } = reply;
  const requestId = headers['x-amzn-requestid'] ?? headers['x-amz-request-id'];
  const error: ReplyError = Object.assign(new Error(message ?? `HTTP status ${statusCode}`), {
    name: code ?? 'UnknownError',
    $fault: statusCode >= 500 ? ('server' as const) : ('client' as const),
    $metadata: {
      httpStatusCode: statusCode,
      ...(requestId === undefined ? {} : { requestId }),
      ...(isTimeCorrected ? { clockSkewCorrected: true as const } : {}),
    },
    $response: reply,
  });
  // Whoever logs the error sees its name and message, not a whole reply.
  Object.defineProperty(error, '$response', { enumerable: false });
  return error;
}
