/** The members of a policy as people type them, one shape a kind. Imported by deploy-time code only (zod). */
import { z } from 'zod';
import { shapes } from './kinds/shapes.generated.ts';

export const memberShape = z.discriminatedUnion('kind', shapes);

export type MemberShape = z.output<typeof memberShape>;
