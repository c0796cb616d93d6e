/** What the parts of the service share. */
import type * as Rds from '@aws-sdk/client-rds';
import type { Kernel } from '../../kernel/service.ts';

type ResourceType =
  | 'auto-backup'
  | 'cluster-auto-backup'
  | 'cluster'
  | 'cluster-pg'
  | 'cluster-snapshot'
  | 'db'
  | 'og'
  | 'pg'
  | 'snapshot'
  | 'subgrp';

export interface RdsContext {
  readonly kernel: Kernel;
  readonly arnOf: (type: ResourceType, name: string) => string;
}

export const tagList = (tags: ReadonlyMap<string, string>): Rds.Tag[] =>
  [...tags].map(([Key, Value]) => ({ Key, Value }));

export const tagMap = (tags: readonly Rds.Tag[]): Map<string, string> =>
  new Map(tags.map(({ Key = '', Value = '' }) => [Key, Value]));

/** What a call leaves out is left as it is. */
export const known = <Settings extends object>(settings: Settings): Partial<Settings> => {
  const given: Partial<Settings> = { ...settings };
  for (const key in given) if (given[key] === undefined) delete given[key];
  return given;
};
