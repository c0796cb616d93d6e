import type { Stage } from '#domain/recovery-progress.ts';
import { asFault } from '#platform/aws-errors.ts';
import { readParameter } from './parameter.ts';
import type { ReplacementDetail } from './replacement-detail.ts';
import type { ReplacementService } from './replacement-service.ts';
import type { Seen } from './swap-decisions.ts';

/** What there is of a replacement now; no more than the stage decides by. */
export async function look(service: ReplacementService, detail: ReplacementDetail, stage: Stage): Promise<Seen> {
  const { name, madeAs, keptAs, settings, handOver } = detail;
  if (stage === 'create') {
    const made = await service.look(madeAs);
    return { madeAs: made, missing: made?.state === 'ready' ? await service.missing(madeAs, settings) : [] };
  }
  const [present, made, kept] = await Promise.all([name, madeAs, keptAs].map((each) => service.look(each)));
  const parameter = handOver && (await readParameter(handOver.parameter));
  return { name: present, madeAs: made, keptAs: kept, parameter, missing: [] };
}

/** @throws a Fault for whatever AWS answered with */
export const answered = <Value>(asking: Promise<Value>, doing: string): Promise<Value> =>
  asking.catch((error: unknown) => {
    throw asFault(error, doing);
  });
