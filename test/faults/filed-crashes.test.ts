import { scenarios } from '../simulate/scenarios.ts';
import { crashesOf } from './keep.ts';

await crashesOf(scenarios['filed-recovery']);
