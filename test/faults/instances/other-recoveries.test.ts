import { scenarios } from '../../simulate/scenarios.ts';
import { everyFaultOf } from '../keep.ts';

await everyFaultOf(
  scenarios['appliance-recovery'],
  scenarios['cleaned-recovery'],
  scenarios['half-attached-recovery'],
  scenarios['stopped-recovery'],
);
