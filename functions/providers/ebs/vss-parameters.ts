import { invalidRequest } from '#domain/faults.ts';
import type { PlannedMember } from '#domain/run.ts';
import type { RunTags } from '../provider.ts';
import type { EbsPlan } from './plan.ts';
import { descriptionOf, tagsFor } from './snapshot-set.ts';

/** Leaves no room for what separates tags (`,` `;` `=`), nor for anything that PowerShell would expand. */
const plain = /^[\w .:/@+-]*$/;

/**
 * What AWSEC2-CreateVssSnapshot is told beside the policy's choices.
 * @throws InvalidRequest when a tag could not be told from its neighbours
 */
export function vssParameters(
  plan: EbsPlan,
  member: PlannedMember,
  run: RunTags,
  executionTimeout: number,
): Readonly<Record<string, string>> {
  return {
    ExcludeBootVolume: plan.excludeBootVolume ? 'True' : 'False',
    description: descriptionOf(plan, run).replaceAll(/[^\w .:/@+,-]/g, '?'),
    tags: tagsFor(plan, member, run).map(tagText).join(';'),
    executionTimeout: String(executionTimeout),
  };
}

function tagText({ Key, Value }: { readonly Key: string; readonly Value: string }): string {
  if (plain.test(Key) && plain.test(Value)) return `Key=${Key},Value=${Value}`;
  throw invalidRequest(
    `The tag ${JSON.stringify(Key)} with the value ${JSON.stringify(Value)} cannot be given to AWSEC2-CreateVssSnapshot: only letters, digits, spaces and . : / @ + - _ can.`,
  );
}
