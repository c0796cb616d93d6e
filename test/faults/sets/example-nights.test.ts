import { scenarios } from '../../simulate/scenarios.ts';
import { everyFaultOf } from '../keep.ts';

await everyFaultOf(scenarios['mediation-night'], scenarios['jobs-night'], scenarios['clustered-night']);
