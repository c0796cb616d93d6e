import type { PublishInput } from '@aws-sdk/client-sns';
import { ApiError } from '../../kernel/service.ts';

const LONGEST_SUBJECT = 100;
const LARGEST_MESSAGE_BYTES = 256 * 1024;
/** Printable ASCII; no line breaks or control characters. */
const SUBJECT = /^[\x20-\x7e]+$/;

function invalid(reason: string): ApiError {
  return new ApiError('InvalidParameter', `Invalid parameter: ${reason}`);
}

/** Refuses what SNS refuses: a subject that is long or not plain ASCII, a message that is empty or large (Publish). */
export function validateMessage({
  Subject: subject,
  Message: message,
  MessageAttributes: attributes,
}: PublishInput): void {
  if (subject !== undefined && (subject.length > LONGEST_SUBJECT || !SUBJECT.test(subject) || subject.startsWith(' ')))
    throw invalid('Subject');
  if (!message) throw invalid('Empty message');
  if (Buffer.byteLength(message) > LARGEST_MESSAGE_BYTES) throw invalid('Message too long');
  for (const [name, attribute] of Object.entries(attributes ?? {})) {
    if (!attribute.DataType)
      throw invalid(`The message attribute '${name}' must contain non-empty message attribute type`);
    if (attribute.StringValue === '')
      throw invalid(`The message attribute '${name}' must contain non-empty message attribute value`);
  }
}
