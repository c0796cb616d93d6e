/**
 * From AWS's error codes to our closed list. Codes that a provider can act on (`InvalidVolume.NotFound`, `IncorrectState` …)
 * it handles itself, by `codeOf`; what is left over comes through `asFault`.
 * EC2 codes: https://docs.aws.amazon.com/AWSEC2/latest/APIReference/errors-overview.html
 */
import { Fault, invariantBroken, providerFault, transientFault } from '#domain/faults.ts';

/** Refusals below HTTP 500 that a later try may pass. */
const passingCodes = new Set([
  'RequestLimitExceeded',
  'Throttling',
  'ThrottlingException',
  'ThrottledException',
  'TooManyRequestsException',
  'ProvisionedThroughputExceededException',
  'RequestThrottled',
  'ConcurrentTagAccess',
  'SnapshotCreationPerVolumeRateExceeded',
  'ConcurrentSnapshotLimitExceeded',
  'PendingSnapshotLimitExceeded',
  // DynamoDB: another backup of the table is being made, deleted or restored; those of a new table are being enabled.
  'BackupInUseException',
  'ContinuousBackupsUnavailableException',
  // Application Auto Scaling is at work on the same target.
  'ConcurrentUpdateException',
]);

/** AWS's code, or the socket's (`ECONNRESET`), or the error's own name. */
export function codeOf(error: unknown): string {
  if (!(error instanceof Error)) return '';
  return error.name === 'Error' && 'code' in error ? String(error.code) : error.name;
}

/** For `catch`: these codes are as good as no answer; whatever else was thrown is thrown on. */
export const unlessCalled =
  (...codes: readonly string[]) =>
  (error: unknown): undefined => {
    if (!codes.includes(codeOf(error))) throw error;
  };

/**
 * Whether AWS is at work on what was asked for, perhaps because of this very request, whose reply was lost. Another question than whether it
 * passes by itself: `BackupInUseException` does both.
 */
export const isUnderWay = (error: unknown): boolean =>
  /^(Invalid\w*State(Fault)?|(Backup|Table|Resource)InUseException|IncorrectFileSystemLifeCycleState)$/.test(
    codeOf(error),
  );

/** Whether AWS refused because of who asked. */
export const isDenied = (error: unknown): boolean =>
  ['UnauthorizedOperation', 'AccessDenied', 'AccessDeniedException', 'AuthFailure'].includes(codeOf(error));

/** Whether the request may have had its effect all the same: the reply was lost, or AWS failed on its own side. */
export function isAmbiguous(error: unknown): boolean {
  if (error instanceof Fault || passingCodes.has(codeOf(error))) return false;
  const status = statusOf(error);
  return status === undefined ? fromSocket(error) : status >= 500;
}

/** A Fault for whatever was thrown while `doing` ("starting i-0abc"); our own faults pass through unchanged. */
export function asFault(error: unknown, doing: string): Fault {
  if (error instanceof Fault) return error;
  const message = `While ${doing}: ${codeOf(error)}: ${error instanceof Error ? error.message : String(error)}`;
  const shortage = codeOf(error).startsWith('Insufficient'); // HTTP 500, but no retry within seconds helps
  if (passingCodes.has(codeOf(error)) || (isAmbiguous(error) && !shortage)) return transientFault(message, error);
  return statusOf(error) === undefined ? invariantBroken(message) : providerFault(message, error);
}

/** For `catch`: throws what AWS answered as a Fault. @param doing as for `asFault` */
export const faultWhile =
  (doing: string) =>
  (error: unknown): never => {
    throw asFault(error, doing);
  };

const socketCodes = new Set([
  'ECONNRESET',
  'ECONNREFUSED',
  'EPIPE',
  'ETIMEDOUT',
  'EHOSTUNREACH',
  'ENETUNREACH',
  'ENOTFOUND',
  'EAI_AGAIN',
]);

const fromSocket = (error: unknown): boolean =>
  error instanceof Error && (error.name === 'TimeoutError' || ('code' in error && socketCodes.has(String(error.code))));

function statusOf(error: unknown): number | undefined {
  if (!(error instanceof Error) || !('$metadata' in error)) return undefined;
  const metadata = error.$metadata;
  if (typeof metadata !== 'object' || metadata === null || !('httpStatusCode' in metadata)) return undefined;
  return typeof metadata.httpStatusCode === 'number' ? metadata.httpStatusCode : undefined;
}
