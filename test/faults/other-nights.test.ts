import { scenarios } from '../simulate/scenarios.ts';
import { everyFaultOf } from './keep.ts';

await everyFaultOf(
  scenarios['appliance-night'],
  scenarios['unquiesced-night'],
  scenarios['unheld-night'],
  scenarios['stopped-night'],
  scenarios['missed-night'],
  scenarios['windows-night'],
  scenarios['ordered-night'],
  scenarios['appliance-morning'],
);
