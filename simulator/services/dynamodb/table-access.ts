import { arn } from '../../iam/arn.ts';
import type { Access, Kernel } from '../../kernel/service.ts';

interface TableInput {
  readonly TableName?: string;
  readonly TargetTableName?: string;
  readonly SourceTableName?: string;
  readonly BackupArn?: string;
  readonly IndexName?: string;
  readonly ResourceArn?: string;
  readonly RequestItems?: Readonly<Record<string, unknown>>;
}

/** A table's or an index's ARN; TableName may be an ARN already. */
function tableArn(kernel: Kernel, table: string, index?: string): string {
  const whole = table.startsWith('arn:') ? table : arn(kernel, 'dynamodb', `table/${table}`);
  return index === undefined ? whole : `${whole}/index/${index}`;
}

/** DynamoDB Developer Guide, "Using IAM with backup and restore": it is the caller who writes the items. */
const writtenByRestore = ['BatchWriteItem', 'DeleteItem', 'GetItem', 'PutItem', 'Query', 'Scan', 'UpdateItem'];

/** What IAM must allow: the operation on its table or backup, on the index it reads, or on each table of a batch. */
export function tableAccess(kernel: Kernel, operation: string, input: TableInput): readonly Access[] {
  const action = `dynamodb:${operation}`;
  if (input.RequestItems)
    return Object.keys(input.RequestItems).map((table) => ({ action, resource: tableArn(kernel, table) }));
  if (operation === 'ListBackups' || operation === 'ListContributorInsights') return [{ action, resource: '*' }];
  const { TargetTableName: target, SourceTableName: source, BackupArn: backup } = input;
  const from = backup ?? (source && tableArn(kernel, source));
  if (target !== undefined && from !== undefined) {
    const resource = tableArn(kernel, target);
    const writing = writtenByRestore.map((name) => ({ action: `dynamodb:${name}`, resource }));
    return [{ action, resource: from }, { action, resource }, ...writing];
  }
  const table = backup ?? input.TableName ?? input.ResourceArn;
  return [{ action, resource: table === undefined ? '*' : tableArn(kernel, table, input.IndexName) }];
}
