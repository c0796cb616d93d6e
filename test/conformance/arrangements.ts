import { ofKinds } from '../kinds/of-kinds.ts';
import type { Arrangements } from './arrangement.ts';

const found = await ofKinds<{ readonly arrangements: Arrangements }>('arrangement');

/** At least one for each kind that keeps snapshots by name: of `test/kinds/<kind>/arrangement.ts`. */
export const arrangements: Arrangements = Object.assign({}, ...found.map(([, { arrangements }]) => arrangements));
