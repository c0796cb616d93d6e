/** DynamoDB tables: on-demand backups. */
import { namedSnapshots } from '../named-snapshots.ts';
import { backups } from './backups.ts';

export const dynamodb = namedSnapshots(backups);
