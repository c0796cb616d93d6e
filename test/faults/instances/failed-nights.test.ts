import { scenarios } from '../../simulate/scenarios.ts';
import { everyFaultOf } from '../keep.ts';

await everyFaultOf(
  scenarios['unquiesced-night'],
  scenarios['unheld-night'],
  scenarios['stopped-night'],
  scenarios['missed-night'],
);
