import { faultWhile } from '#platform/aws-errors.ts';
import type { ReplacementDetail } from './replacement-detail.ts';
import type { Made, ReplacementService } from './replacement-service.ts';
import { readSign } from './signpost.ts';
import type { Seen } from './swap-decisions.ts';

/** What there is of a replacement now. @param change of the signpost that is awaited, if any */
export async function look(service: ReplacementService, detail: ReplacementDetail, change?: string): Promise<Seen> {
  const { name, keptAs, handOver } = detail;
  const [present, made, kept] = await Promise.all([
    service.look(name),
    lookAtNew(service, detail),
    keptAs === name ? undefined : service.look(keptAs),
  ]);
  const sign = handOver && (await readSign(handOver, change));
  return { name: present, madeAs: made, keptAs: keptAs === name ? present : kept, sign, missing: [] };
}

/** The new one, also where only its name is known. */
export const lookAtNew = (
  { look: lookAt, lookForLost }: ReplacementService,
  { madeAs, job, settings }: ReplacementDetail,
) => (job === undefined && lookForLost !== undefined ? lookForLost(madeAs, settings) : lookAt(madeAs, job));

/** While it is made nothing else counts. */
export async function lookAtMade(
  service: ReplacementService,
  { madeAs, settings, job, refused = [] }: ReplacementDetail,
  tags: Made['tags'],
): Promise<Seen> {
  const made = await service.look(madeAs, job);
  if (made?.state !== 'ready') return { madeAs: made, missing: [] };
  const known = { id: made.id, tags, refused: refused.map(({ what }) => what) };
  return { madeAs: made, missing: await service.missing(madeAs, settings, known) };
}

/** @throws a Fault for whatever AWS answered with */
export const answered = <Value>(asking: Promise<Value>, doing: string): Promise<Value> =>
  asking.catch(faultWhile(doing));
