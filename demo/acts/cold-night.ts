import { measured } from '#cli/times.ts';
import { guardMs } from '#domain/cut.ts';
import { type Check, same, sameNames, that } from '../checks.ts';
import type { Platform } from '../mediation/platform.ts';
import { type TakenSet, takenSet } from '../mediation/taken-set.ts';
import { fileOf, isTemporary } from '../mediation/workflows.ts';
import type { Narrator } from '../narrator.ts';
import type { Act } from '../stage.ts';

const nightMs = 3 * 3_600_000;
/** A sweep looks after what has completed every five minutes. */
const sealedMs = 6 * 60_000;
/** The function is asked every ten seconds at most, and so does the platform look. */
const soonMs = 25_000;

/** Database and MemoryDB at the same time, the file system when both have been fixed for a guard; nothing works meanwhile. */
export const coldNight = (platform: Platform): Act => ({
  id: 'cold-night',
  title: 'A cold night of a mediation platform: the databases, then the files that their rows refer to',
  async play({ narrator, region, operate }) {
    narrator.say(
      'An account of its own, and examples/mediation.yaml as it is. A row without its file is corruption, a file without a row is only garbage: so a function of the owner’s suspends the workflows, which move their temporary files away, and the file system is read when both databases have been fixed for a guard of a minute.',
    );
    await region.time.until(() => platform.turns.length === 2, nightMs);
    const [suspended, resumed] = platform.turns;
    if (suspended === undefined || resumed === undefined) throw new Error('the platform was not suspended and resumed');
    await region.time.advance(sealedMs);
    const set = takenSet(region);
    const window = { fromMs: suspended.timeMs, toMs: resumed.timeMs, filesAway: suspended.filesAway };
    tell(narrator, set, window);
    await operate('points mediation --evidence');
    return [...checksOfOrder(set, window), ...checksOfContent(set)];
  },
});

interface Held {
  readonly fromMs: number;
  readonly toMs: number;
  readonly filesAway: number;
}

function tell(narrator: Narrator, set: TakenSet, { fromMs, toMs, filesAway }: Held): void {
  const { job, databaseMs, clusterMs } = set;
  const moments = [
    [fromMs, `the platform is suspended; ${filesAway} temporary files are out of the way`],
    [set.askedMs, 'RDS and MemoryDB are asked for their snapshots'],
    [databaseMs, 'the database’s rows are of this moment, which RDS tells when its snapshot is complete'],
    [clusterMs, 'the last shard is copied, which counts from when MemoryDB shows its snapshot complete'],
    [job.fromMs, 'both have been fixed for a guard: AWS Backup is asked for the file system'],
    [job.toMs, `it has read ${set.files.length} files, one after another`],
    [toMs, `the platform is resumed; it was held for ${measured(toMs - fromMs)}`],
  ] as const;
  for (const [timeMs, words] of moments) narrator.moment(timeMs, words);
}

function checksOfOrder({ askedMs, databaseMs, clusterMs, job }: TakenSet, { fromMs, toMs }: Held): readonly Check[] {
  const apartMs = job.fromMs - Math.max(databaseMs, clusterMs);
  const lateMs = toMs - job.toMs;
  return [
    that(
      'the platform was suspended before anything was taken',
      fromMs <= askedMs,
      'before',
      `${measured(askedMs - fromMs)} before`,
    ),
    that('no file was read within a guard of either database', apartMs >= guardMs, '1 min or more', measured(apartMs)),
    that(
      'it was resumed as soon as the last file was read',
      lateMs >= 0 && lateMs <= soonMs,
      `within ${measured(soonMs)}`,
      measured(lateMs),
    ),
  ];
}

function checksOfContent({ rows, keys, files }: TakenSet): readonly Check[] {
  const expected = rows.map(fileOf);
  return [
    that('the database has rows', rows.length > 50, 'more than 50', String(rows.length)),
    sameNames('every row’s file is in the copy, and no other', expected, files),
    sameNames('MemoryDB knows the same batches', rows, keys),
    same('no temporary file is in the copy', '0', String(files.filter(isTemporary).length)),
  ];
}
