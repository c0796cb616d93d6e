import { existsSync } from 'node:fs';
import { type MemberKind, memberKinds } from '#domain/member-kinds.ts';

/** What the folders beside this file have in a file of this name, kind by kind; kinds without one are left out. */
export const ofKinds = async <Exported>(file: string): Promise<readonly (readonly [MemberKind, Exported])[]> =>
  await Promise.all(
    memberKinds
      .filter((kind) => existsSync(new URL(`${kind}/${file}.ts`, import.meta.url)))
      .map(async (kind): Promise<[MemberKind, Exported]> => [kind, await import(`./${kind}/${file}.ts`)]),
  );
