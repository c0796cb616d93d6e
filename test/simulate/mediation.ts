/** The platform of `examples/mediation.yaml`, which no instance holds: a function of the owner's suspends it. */

import { openPlatform } from '#demo/mediation/open-platform.ts';
import type { Platform } from '#demo/mediation/platform.ts';
import {
  clusterAt,
  clusterParameter,
  databaseName,
  fileOf,
  filesParameter,
  hostId,
  isTemporary,
} from '#demo/mediation/workflows.ts';
import { parsePolicy } from '#simulator/iam/policy.ts';
import { exampleWorkload } from '../scenario/example.ts';
import { executions, hourMs, minuteMs, type Stage } from '../scenario/stage.ts';
import type { Content } from './content.ts';
import { clusterMisfortunes, copyMisfortunes, databaseMisfortunes } from './misfortunes.ts';
import type { Subject } from './subject.ts';

const platforms = new WeakMap<object, Platform>();
/** A stage is a copy of the region that it is of. */
const platformOf = ({ services }: Stage): Platform | undefined => platforms.get(services);

/** Its operators take it down before they recover it, and start it when that has been over for a while. */
export function takeDown(stage: Stage): void {
  const { clock } = stage;
  const isOver = () =>
    executions(stage, 'recover').every(({ stopMs = clock.nowMs() }) => clock.nowMs() - stopMs > hourMs);
  const look = (): void => {
    if (isOver()) platformOf(stage)?.setRunning(true);
    else clock.at(clock.nowMs() + 10 * minuteMs, look);
  };
  platformOf(stage)?.setRunning(false);
  clock.at(clock.nowMs() + 10 * minuteMs, look);
}

const functionPolicy = {
  Statement: [{ Effect: 'Allow', Action: ['ssm:GetParameter', 'ssm:PutParameter'], Resource: '*' }],
};

async function launch(stage: Stage): Promise<void> {
  const arn = `arn:aws:iam::${stage.account}:role/suspend-mediation`;
  stage.identities.register('AKIASUSPENDMEDIATION', {
    caller: { kind: 'role', arn, name: 'function:suspend-mediation' },
    policies: [parsePolicy('suspend-mediation', functionPolicy)],
  });
  platforms.set(stage.services, await openPlatform(stage));
}

const content: Content = {
  inUse: ({ services: { efs, rds, memorydb, ssm } }) => ({
    rows: [
      [...rds.world.instance(databaseName).rows],
      ...(memorydb.world.clusters.get(clusterAt(ssm.parameters.get(clusterParameter)))?.shards ?? []),
    ],
    // Half of a batch is there as long as it works.
    files: new Map(
      [...efs.world.fileSystem(ssm.parameters.get(filesParameter) ?? '').files].filter(([path]) => !isTemporary(path)),
    ),
  }),
  unfitting: ({ rows, files }, isStill) => {
    const lost = [...new Set(rows.flat())].filter((row) => !files.has(fileOf(row)));
    const temporary = [...files.keys()].filter((path) => isStill && isTemporary(path));
    return [...lost.map((row) => `${row} has no file`), ...temporary.map((path) => `${path} is there`)];
  },
};

/** As the file has it, with a night and a window that are short. */
export const mediation: Subject = {
  ...{ workload: 'mediation', instanceId: hostId, devices: [], content, launch },
  typed: exampleWorkload('mediation', 'mediation', {
    schedule: { cron: '0 3 * * ? *', timeZone: 'UTC' },
    quiesce: { hooks: [{ kind: 'lambda', function: 'suspend-mediation', deadlineSeconds: 360 }], onFailure: 'abort' },
    window: '6m',
  }),
  heldMs: 6 * minuteMs,
  isHeld: (stage) => platformOf(stage)?.turns.at(-1)?.to === 'suspended',
  misfortunes: {
    protect: [...databaseMisfortunes.protect, ...clusterMisfortunes.protect, ...copyMisfortunes.protect],
    recover: [...databaseMisfortunes.recover, ...clusterMisfortunes.recover, ...copyMisfortunes.recover],
  },
};
