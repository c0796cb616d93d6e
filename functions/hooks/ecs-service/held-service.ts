/** An ECS service that a hook holds still, as the plan has it, and as it is now. */
import * as z from 'zod/mini';
import type { PlannedHook } from '#domain/run.ts';
import { desiredCountTag } from '#domain/tags.ts';
import { codeOf } from '#platform/aws-errors.ts';
import { type EcsService, ecs } from '#platform/clients/ecs.ts';

/** `desiredCount`: when it was planned. */
const parameters = z.object({
  cluster: z.string(),
  service: z.string(),
  desiredCount: z.pipe(z.string(), z.transform(Number)),
});
export type HeldService = z.infer<typeof parameters>;

export const heldService = (hook: PlannedHook): HeldService => z.parse(parameters, hook.parameters);

/** Undefined when it, or its cluster, is not there, or is being deleted. @throws what the client throws otherwise */
export async function findService({
  cluster,
  service,
}: Pick<HeldService, 'cluster' | 'service'>): Promise<EcsService | undefined> {
  try {
    const { services } = await ecs().describeServices({ cluster, services: [service], include: ['TAGS'] });
    return services.find(({ status }) => status === 'ACTIVE');
  } catch (error) {
    if (codeOf(error) === 'ClusterNotFoundException') return undefined;
    throw error;
  }
}

/** The count in the tag; undefined without one, or when somebody has made something else of it. */
export function rememberedCount({ tags }: EcsService): number | undefined {
  const value = tags.find(({ key }) => key === desiredCountTag)?.value ?? '';
  return /^\d{1,9}$/.test(value) ? Number(value) : undefined;
}

/** The count that a release is to put back: of a service that is still held from before, what it had then. */
export const countToRemember = (service: EcsService): number =>
  service.desiredCount > 0 ? service.desiredCount : (rememberedCount(service) ?? 0);

export const isEmpty = ({ desiredCount, runningCount, pendingCount }: EcsService): boolean =>
  desiredCount === 0 && runningCount === 0 && pendingCount === 0;
