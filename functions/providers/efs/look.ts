/** A file system as a recovery sees it. */
import type { FileSystemDescription } from '@aws-sdk/client-efs';
import type { Resource } from '../replacement/replacement-service.ts';
import { systemOf } from './file-system.ts';

const broken = ['deleted', 'deleting', 'error'];

/** What a recovery makes is called otherwise until it has an id. */
export async function lookAt(name: string): Promise<Resource | undefined> {
  return /^fs-[0-9a-f]+$/.test(name) ? seen(await systemOf(name)) : undefined;
}

export function seen(system: FileSystemDescription | undefined): Resource | undefined {
  if (system === undefined) return undefined;
  const { FileSystemId: id = '', LifeCycleState: words = 'unknown' } = system;
  return {
    id,
    words,
    endpoint: id,
    state: words === 'available' ? 'ready' : broken.includes(words) ? 'broken' : 'passing',
  };
}
