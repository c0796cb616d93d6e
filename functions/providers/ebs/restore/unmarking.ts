import type { Action } from './action.ts';
import { isMarkedBy, markKeys } from './tags.ts';

type Tagging = Extract<Action, { readonly kind: 'tag' | 'untag' }>;
type Tags = Readonly<Record<string, string>>;

/**
 * Takes a recovery's tags off what it has replaced, and puts those of an earlier recovery back. Pure.
 * @param present all tags that it has now
 * @param before those of an earlier recovery that it had
 */
export function unmarking(recoveryId: string, resourceId: string, present: Tags, before: Tags): readonly Tagging[] {
  if (!isMarkedBy(recoveryId, present)) return [];
  const keys = markKeys.filter((key) => key in present && !(key in before));
  return [
    ...(keys.length === 0 ? [] : [{ kind: 'untag', resourceId, keys } as const]),
    ...(Object.keys(before).length === 0 ? [] : [{ kind: 'tag', resourceId, tags: before } as const]),
  ];
}
