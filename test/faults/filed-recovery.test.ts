import { scenarios } from '../simulate/scenarios.ts';
import { allButCrashesOf } from './keep.ts';

await allButCrashesOf(scenarios['filed-recovery']);
