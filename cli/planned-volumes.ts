import * as z from 'zod/mini';
import { isOfInstances } from '#domain/member-kinds.ts';
import type { RunPlan } from '#domain/run.ts';

export interface PlannedVolume {
  readonly instance: string;
  readonly device: string;
  readonly volume: string;
  readonly sizeGib: number;
  readonly type: string;
  readonly tier: number;
}

/** As the plans of EBS and of images have it. */
const volumesDetail = z.object({
  volumes: z.array(z.object({ device: z.string(), volumeId: z.string(), sizeGib: z.number(), type: z.string() })),
});

/** The volumes that a run would take, by tier and device. */
export const plannedVolumes = ({ members }: RunPlan): readonly PlannedVolume[] =>
  members
    .filter(({ kind }) => isOfInstances(kind))
    .flatMap(({ resource, tier, detail }) =>
      z.parse(volumesDetail, detail).volumes.map(({ device, volumeId, sizeGib, type }) => ({
        ...{ instance: resource, device, volume: volumeId, sizeGib, type, tier },
      })),
    )
    .sort((one, other) => one.tier - other.tier || one.device.localeCompare(other.device));
