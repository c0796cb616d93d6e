import { loadRestJsonErrorCode } from '@smithy/core/protocols';
import { parsedJson } from '../parsed-json.ts';
import { messageOf } from './json-caller.ts';
import type { Refusal, Reply } from './reply-error.ts';

/** What a service in AWS's restJson says of its refusal. https://smithy.io/2.0/aws/protocols/aws-restjson1-protocol.html */
export function restJsonRefusal(reply: Reply): Refusal {
  const body = parsedJson(reply.body);
  return { code: loadRestJsonErrorCode({ ...reply }, body ?? {}), message: messageOf(body) };
}
