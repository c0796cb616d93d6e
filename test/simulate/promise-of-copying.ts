/** A point's copy in another Region says that it is whole only when it is; what is not whole is told, and goes; nothing is copied twice. */
import type { CopySnapshotCommandInput } from '@aws-sdk/client-ec2';
import type { SnapshotRecord } from '#simulator/services/ec2/records.ts';
import { failureMails, sealed } from './outcome.ts';
import type { Scene } from './scene.ts';

type Looked = Pick<Scene, 'stage' | 'scenario'>;

/** Copies that exist. */
export function copiesOf({ stage, scenario: { copiesTo } }: Looked): readonly SnapshotRecord[] {
  if (copiesTo === undefined) return [];
  return [...stage.neighbour(copiesTo).services.ec2.world.snapshots.values()].filter(
    ({ goneAtMs, deleteRequested }) => goneAtMs === undefined && !deleteRequested,
  );
}

const saysWhole = ({ tags }: SnapshotRecord): boolean => tags.get('holdfast:copy') === 'whole';

/** Points of which no whole copy is there; their runs. */
export function uncopied(scene: Looked): readonly string[] {
  if (scene.scenario.copiesTo === undefined) return [];
  const copies = copiesOf(scene);
  return sealed(scene.stage).flatMap(({ runId, snapshots }) => {
    const isWhole = snapshots.every((snapshot) => {
      const [own, ...more] = copies.filter(({ tags }) => tags.get('holdfast:copy-of') === snapshot.id);
      return own !== undefined && more.length === 0 && own.state === 'completed' && saysWhole(own);
    });
    return isWhole ? [] : [runId];
  });
}

const toldOf = ({ stage }: Looked): readonly string[] =>
  failureMails(stage).filter((subject) => subject.includes('the copy of a point in'));

/** Or somebody was told that it is not. */
export const isCopied = (scene: Looked): boolean => uncopied(scene).length <= toldOf(scene).length;

export function brokenCopies(scene: Scene): readonly string[] {
  const copies = copiesOf(scene);
  const missing = uncopied(scene);
  const mails = toldOf(scene);
  const liars = copies.filter(
    (copy) => saysWhole(copy) && missing.includes(copy.tags.get('holdfast:copied-run') ?? ''),
  );
  return [
    ...liars.map(({ id }) => `${id} says that its set is whole, and it is not`),
    ...(missing.length > mails.length ? [`of ${missing.join()} no whole copy is there, and no mail says so`] : []),
    ...(mails.length > missing.length ? [`all copies are whole, and there are mails: ${mails.join()}`] : []),
    ...copies
      .filter(({ tags }) => tags.get('holdfast:stack') !== 'Holdfast')
      .map(({ id }) => `the copy ${id} has no tag of ours`),
    ...askedAgain(scene),
  ];
}

/** CopySnapshot takes no client token. A request that the network delivers twice is one. */
function askedAgain({ stage }: Scene): readonly string[] {
  const taken = stage.calls.of('ec2', 'CopySnapshot').filter(({ errorCode }) => errorCode === undefined);
  // The log keeps each input as the operation's own type.
  const sourceOf = ({ input }: (typeof taken)[number]) => (input as CopySnapshotCommandInput).SourceSnapshotId;
  return [...Map.groupBy(taken, sourceOf)].flatMap(([source, records]) =>
    new Set(records.map(({ call }) => call.id)).size > 1
      ? [`a copy that had been made was asked for again: of ${source}`]
      : [],
  );
}

/** What is no whole set is of no use; asked when a day has passed. */
export const leftOfCopies = (scene: Scene): readonly string[] =>
  copiesOf(scene)
    .filter((copy) => !saysWhole(copy) && copy.state !== 'pending')
    .map(({ id }) => `the copy ${id} is of no whole set and has not been deleted`);
