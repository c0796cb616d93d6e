import { expect, it } from 'vitest';
import type { EbsDetail } from './detail.ts';
import { vssParameters } from './vss-parameters.ts';

const volume: EbsDetail = {
  ...{ instanceId: 'i-0abc', volumeId: 'vol-0abc', device: 'xvdf', root: false, availabilityZone: 'eu-west-1a' },
  ...{ type: 'gp3', sizeGib: 50, iops: 3000, throughput: 125, encrypted: true, deleteOnTermination: false, tags: {} },
  kmsKeyId: 'arn:aws:kms:eu-west-1:111122223333:key/1234abcd-12ab-34cd-56ef-1234567890ab',
};
const planOf = (volumes: readonly EbsDetail[]) => ({
  ...{ instanceId: 'i-0abc', excludeBootVolume: true, excludeDataVolumeIds: [], copiesTags: true, volumes },
});
const member = { kind: 'ebs', resource: 'i-0abc', tier: 1, artifacts: 1, detail: {} };
const run = {
  ...{ stack: 'Holdfast', workload: 'files', runId: 'files-20261121T030000Z', count: 1 },
  ...{ scheduledAt: '2026-11-21T03:00:00.000Z', expiresAt: '2026-12-21T03:00:00.000Z' },
  momentAt: '2026-11-21T02:59:57.000Z',
};

it('writes the run’s tags in the document’s own way', () => {
  const { tags = '', ...others } = vssParameters(planOf([volume]), member, run, 120);
  expect(others).toEqual({
    ExcludeBootVolume: 'True',
    executionTimeout: '120',
    description: 'Holdfast: files of 2026-11-21 03:00 UTC, i-0abc xvdf, run files-20261121T030000Z',
  });
  expect(tags.split(';')).toContain('Key=holdfast:run,Value=files-20261121T030000Z');
  expect(tags.split(';').at(-1)).toBe(
    `Key=holdfast:volume:vol-0abc,Value=xvdf gp3 50GiB 3000iops 125MiB/s eu-west-1a keep data i-0abc ${volume.kmsKeyId}`,
  );
});

it.each([',', ';', '=', '"', "'", '$', '`', '\n'])(
  'refuses a tag with %j, which could not be told apart',
  (character) => {
    const odd = { ...volume, device: `xvd${character}` };
    expect(() => vssParameters(planOf([odd]), member, run, 120)).toThrow(/cannot be given to AWSEC2-CreateVssSnapshot/);
  },
);
