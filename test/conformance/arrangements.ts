import type { Arrangement } from './arrangement.ts';
import { aurora } from './aurora.ts';
import { dynamodb } from './dynamodb.ts';
import { memorydb } from './memorydb.ts';
import { rds } from './rds.ts';

/** At least one for each kind that keeps snapshots by name; by the words that tell them apart in a report. */
export const arrangements: Readonly<Record<string, Arrangement>> = { rds, memorydb, aurora, dynamodb };
