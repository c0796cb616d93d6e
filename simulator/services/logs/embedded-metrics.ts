/**
 * CloudWatch's embedded metric format: log lines that become metrics. Source: CloudWatch User Guide, "Specification:
 * Embedded metric format".
 */
import { isObject, type Json } from '../../kernel/json.ts';
import type { RecordMetric } from '../perform.ts';

const list = (value: unknown): readonly unknown[] => (Array.isArray(value) ? value : []);

function parse(text: string): Json | undefined {
  if (!text.startsWith('{') || !text.includes('"_aws"')) return undefined;
  try {
    const value: unknown = JSON.parse(text);
    return isObject(value) ? value : undefined;
  } catch {
    return undefined;
  }
}

function dimensionsOf(document: Json, names: unknown): Record<string, string> {
  return Object.fromEntries(list(names).map((name) => [String(name), String(document[String(name)])]));
}

function recordDirective(document: Json, directive: Json, record: RecordMetric): void {
  const sets = list(directive.Dimensions);
  for (const metric of list(directive.Metrics).filter(isObject)) {
    const name = String(metric.Name);
    const value = document[name];
    for (const set of sets.length > 0 ? sets : [[]]) {
      for (const each of Array.isArray(value) ? value : [value]) {
        record(String(directive.Namespace), name, dimensionsOf(document, set), Number(each));
      }
    }
  }
}

/** Records every metric that this log line carries; lines of other kinds carry none. */
export function recordEmbeddedMetrics(text: string, record: RecordMetric): void {
  const document = parse(text);
  const header = document?._aws;
  if (!document || !isObject(header)) return;
  for (const directive of list(header.CloudWatchMetrics).filter(isObject)) recordDirective(document, directive, record);
}
