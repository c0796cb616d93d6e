import { scenarios } from '../simulate/scenarios.ts';
import { everyFaultOf } from './keep.ts';

await everyFaultOf(
  scenarios['appliance-recovery'],
  scenarios['undone-recovery'],
  scenarios['cleaned-recovery'],
  scenarios['ordered-recovery'],
  scenarios['half-attached-recovery'],
  scenarios['stopped-recovery'],
  scenarios['stranded-recovery'],
);
