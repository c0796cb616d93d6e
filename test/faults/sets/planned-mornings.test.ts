import { scenarios } from '../../simulate/scenarios.ts';
import { everyFaultOf } from '../keep.ts';

await everyFaultOf(scenarios['copied-morning'], scenarios['failed-copy-morning']);
