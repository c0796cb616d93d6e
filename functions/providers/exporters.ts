/** Kinds whose snapshots can be written to a bucket, or copied under another key. Apart from `index.ts`, since few functions need them. */
import { invariantBroken } from '#domain/faults.ts';
import { copies as elasticacheCopies } from './elasticache/copies.ts';
import { exporter as elasticache } from './elasticache/exporter.ts';
import type { Exporter } from './exporter.ts';
import { copies as memorydbCopies } from './memorydb/copies.ts';

const exporters: readonly Exporter[] = [elasticache, elasticacheCopies, memorydbCopies];

/** @param key absent: files are wanted */
export function exporterOf({ kind, key }: { readonly kind: string; readonly key?: string }): Exporter {
  const makes = key === undefined ? 'files' : 'copy';
  const exporter = exporters.find((each) => each.kind === kind && each.makes === makes);
  if (exporter === undefined) throw invariantBroken(`Of kind ${kind} there is nothing that makes a ${makes}.`);
  return exporter;
}
