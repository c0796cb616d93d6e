import { scenarios } from '../../simulate/scenarios.ts';
import { everyFaultOf } from '../keep.ts';

await everyFaultOf(scenarios['ordered-night'], scenarios['filed-night'], scenarios['endless-night']);
