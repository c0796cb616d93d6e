import { scenarios } from '../../simulate/scenarios.ts';
import { everyFaultOf } from '../keep.ts';

await everyFaultOf(scenarios['appliance-night'], scenarios['windows-night'], scenarios['appliance-morning']);
