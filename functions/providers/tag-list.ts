/** Tags in the one list that most services know, and back. What AWS has put there itself (`aws:…`) can be given to nothing, and is left out. */
interface Tag {
  readonly Key?: string | undefined;
  readonly Value?: string | undefined;
}

export type Tags = Readonly<Record<string, string>>;

export const tagList = (tags: Tags): { Key: string; Value: string }[] =>
  Object.entries(tags).map(([Key, Value]) => ({ Key, Value }));

export const tagsIn = (list: readonly Tag[] = []): Tags =>
  Object.fromEntries(list.flatMap(({ Key = '', Value = '' }) => (Key.startsWith('aws:') ? [] : [[Key, Value]])));
