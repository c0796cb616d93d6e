import { fileURLToPath } from 'node:url';
import type { Region } from '#simulator/region.ts';
import { type Platform, startPlatform } from './platform.ts';
import { clusterName, clusterParameter, databaseName, fileSystemId, filesParameter, hostId } from './workflows.ts';

/** Puts what `examples/mediation.yaml` names into the region, and the platform that works on it. */
export async function openPlatform(region: Region): Promise<Platform> {
  const { ec2, efs, lambda, memorydb, rds, ssm } = region.services;
  const { account, regionName } = region;
  rds.world.launch({ name: databaseName, tags: { platform: 'mediation' } });
  memorydb.world.launch({ name: clusterName, tags: { platform: 'mediation' } });
  efs.world.create({ id: fileSystemId, tags: { platform: 'mediation' } });
  ssm.parameters.set(filesParameter, fileSystemId);
  ec2.world.launchInstance({ id: hostId, name: 'mediation-files', volumes: [] });
  ssm.parameters.set(clusterParameter, `clustercfg.${clusterName}.c0ffee.memorydb.${regionName}.amazonaws.com:6379`);
  await lambda.deploy({
    name: 'suspend-mediation',
    arn: `arn:aws:lambda:${regionName}:${account}:function:suspend-mediation`,
    codeDirectory: fileURLToPath(new URL('suspend-mediation', import.meta.url)),
    handler: 'index.handler',
    roleArn: `arn:aws:iam::${account}:role/suspend-mediation`,
    accessKeyId: 'AKIASUSPENDMEDIATION',
    environment: {},
    timeoutSeconds: 10,
    memoryMib: 256,
  });
  return startPlatform(region);
}
