import type { Region } from '#simulator/region.ts';
import { type Check, same, sameNames, that } from '../checks.ts';
import type { Platform } from '../mediation/platform.ts';
import { takenSet } from '../mediation/taken-set.ts';
import {
  clusterAt,
  clusterName,
  clusterParameter,
  databaseName,
  fileOf,
  fileSystemId,
  filesParameter,
} from '../mediation/workflows.ts';
import type { Act } from '../stage.ts';

const minuteMs = 60_000;
const releasedMs = 5 * minuteMs;

/** The release writes rows for files that it never makes; the set of the night comes back as one. */
export const setRecovery = (platform: Platform): Act => ({
  id: 'set-recovery',
  title: 'The release was wrong: the set is recovered as one',
  async play({ region, narrator, operate }) {
    const database = region.services.rds.world.instance(databaseName);
    await region.time.advance(releasedMs);
    platform.setRunning(false);
    database.rows.push(...Array.from({ length: 1000 }, (_, index) => `never-made-${index}`));
    const spoilt = `the platform is taken down; ${missing(platform)} rows refer to files that are not there`;
    narrator.moment(region.clock.nowMs(), spoilt);
    const { exitCode } = await operate('recover mediation --yes --reason "the release wrote rows without files"');
    const cluster = clusterInUse(region);
    const system = region.services.ssm.parameters.get(filesParameter) ?? '';
    const { rows, keys, files } = platform.contents();
    const counts = `${databaseName} has ${rows.length} rows, ${cluster} ${keys.length} keys, ${system} ${files.length} files`;
    narrator.moment(region.clock.nowMs(), counts);
    const isKept = [...region.services.rds.world.instances.values()].includes(database);
    return [
      same('the recovery was committed', '0', String(exitCode)),
      ...checksOfContent(platform, region),
      that('applications are led to a new cluster', cluster !== clusterName, 'another name', cluster),
      that('and to a new file system', system !== fileSystemId, 'another id', system),
      that('the database that was replaced is kept', isKept, 'kept', database.name),
      await worksOn(platform, region),
    ];
  },
});

const clusterInUse = ({ services }: Region): string => clusterAt(services.ssm.parameters.get(clusterParameter));

function missing(platform: Platform): number {
  const { rows, files } = platform.contents();
  return rows.filter((row) => !files.includes(fileOf(row))).length;
}

function checksOfContent(platform: Platform, region: Region): readonly Check[] {
  const set = takenSet(region);
  const { rows, keys, files } = platform.contents();
  return [
    sameNames('the database has the rows of the night, under the name that it had', set.rows, rows),
    sameNames('applications find the keys of the night', set.keys, keys),
    sameNames('and the files of the night, in their place', set.files, files),
    same('no row refers to a file that is not there', '0', String(missing(platform))),
  ];
}

async function worksOn(platform: Platform, region: Region): Promise<Check> {
  const before = platform.contents();
  platform.setRunning(true);
  await region.time.advance(minuteMs);
  const { rows, keys } = platform.contents();
  const hasGrown = rows.length > before.rows.length && keys.length > before.keys.length;
  return that('the platform works on with both', hasGrown, 'more of both', `${rows.length} rows, ${keys.length} keys`);
}
