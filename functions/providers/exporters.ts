/** Kinds whose snapshots can be written to a bucket. Apart from `index.ts`, since only `settle` and the doctor need S3's client. */
import { invariantBroken } from '#domain/faults.ts';
import { exporter as elasticache } from './elasticache/exporter.ts';
import type { Exporter } from './exporter.ts';

const exporters: readonly Exporter[] = [elasticache];

export function exporterOf(kind: string): Exporter {
  const exporter = exporters.find((each) => each.kind === kind);
  if (exporter === undefined) throw invariantBroken(`Nothing of kind ${kind} is exported.`);
  return exporter;
}
