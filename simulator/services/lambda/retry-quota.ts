/**
 * What the SDK's clients of one module have left for retries: each takes 5 tokens from its client's bucket of 500, a success gives back what its
 * last retry cost, or 1 (https://docs.aws.amazon.com/sdkref/latest/guide/feature-retry-behavior.html). Clients are told apart by their service.
 */
import type { WireRequest } from '../../wire/message.ts';

export interface RetryQuota {
  /** Takes note of an attempt that is made. */
  asked(request: WireRequest): void;
  /** Takes note that it was answered with what is no error. */
  succeeded(request: WireRequest): void;
  /** Whether a client has less than half left: another day of failures might find its bucket empty. */
  isLow(): boolean;
}

const most = 500;
const ofRetry = 5;
const ofFirstAttempt = 1;

export function retryQuota(): RetryQuota {
  const taken = new Map<string, number>();
  const take = (service: string, tokens: number) =>
    void taken.set(service, Math.max(0, (taken.get(service) ?? 0) + tokens));
  return {
    asked: (request) => {
      if (isRetry(request)) take(serviceOf(request), ofRetry);
    },
    succeeded: (request) => take(serviceOf(request), isRetry(request) ? -ofRetry : -ofFirstAttempt),
    isLow: () => [...taken.values()].some((tokens) => tokens > most / 2),
  };
}

/** `amz-sdk-request: attempt=2; max=3`, as every SDK numbers its attempts. */
const isRetry = ({ headers }: WireRequest): boolean => /attempt=(?!1;)/.test(headers['amz-sdk-request'] ?? '');

/** `Credential=AKID/20260301/eu-west-1/ec2/aws4_request` */
const serviceOf = ({ headers }: WireRequest): string =>
  /Credential=(?:[^/]*\/){3}([^/]+)/.exec(headers.authorization ?? '')?.[1] ?? '';
