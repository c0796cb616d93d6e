/** https://docs.aws.amazon.com/memorydb/latest/APIReference/API_DescribeEngineVersions.html */
import { paginateDescribeEngineVersions } from '@aws-sdk/client-memorydb';
import { memorydb } from '#platform/clients/memorydb.ts';
import type { VersionService } from '../cache-versions.ts';

export const engineVersions: VersionService = {
  ...{ kind: 'memorydb', name: 'MemoryDB' },
  offered: async (Engine) => {
    const found = [];
    const pages = paginateDescribeEngineVersions({ client: memorydb() }, { Engine });
    for await (const { EngineVersions = [] } of pages) found.push(...EngineVersions);
    return found.flatMap(({ EngineVersion }) => EngineVersion ?? []);
  },
  upgrade: (resource) => `aws memorydb update-cluster --cluster-name ${resource} --engine-version`,
};
