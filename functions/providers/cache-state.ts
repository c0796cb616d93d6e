/** A cache in the words that ElastiCache and MemoryDB have in common. */
import type { Resource } from './replacement/replacement-service.ts';

const broken = ['create-failed', 'deleted', 'deleting', 'incompatible-network', 'restore-failed'];

export function cacheState(status = 'unknown'): Pick<Resource, 'state' | 'words'> {
  const words = status.toLowerCase();
  if (words === 'available') return { state: 'ready', words };
  return { state: broken.includes(words) ? 'broken' : 'passing', words };
}
