import { MemoryDBClient } from '@aws-sdk/client-memorydb';
import { lazy } from '../lazy.ts';
import { patience } from '../patience.ts';

export const memorydb = lazy(() => new MemoryDBClient(patience));
