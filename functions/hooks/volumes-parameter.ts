/** What a guest is told of the volumes that will be taken, so that it can refuse to hold what lies elsewhere (`shell/volumes.sh`). */
import type { GuestInstance } from '#domain/guest-instance.ts';
import type { DocumentParameter } from './hook.ts';

export const volumesParameter: DocumentParameter = {
  description: 'Ids of the volumes that will be taken: commas within one call, + between calls; all: not known.',
  allowedPattern: '^(all|vol-[0-9a-f]{8,17}([,+]vol-[0-9a-f]{8,17}){0,127})$',
};

/** The parameter's value for one instance. */
export const volumesOf = ({ volumeSets }: GuestInstance): string =>
  volumeSets.length === 0 ? 'all' : volumeSets.map((volumes) => volumes.join(',')).join('+');
