import type { Region } from '#simulator/region.ts';
import type { RecoveryArrangements } from '../../conformance/recovery-arrangement.ts';

const resource = 'arn:aws:s3:::invoices';

/** No service but AWS Backup is asked, so of what it makes nothing is known but that it is there: what leads to it is a person's to do. */
const made = ({ services }: Region) =>
  [...services.backup.world.restores.values()].flatMap(({ createdArn, state }) =>
    createdArn === undefined || state === 'ABORTED' ? [] : [createdArn],
  );

export const recoveries: RecoveryArrangements = {
  'aws-backup': {
    member: { kind: 'aws-backup', resource },
    launch: ({ services }) => services.backup.world.add(resource),
    write: () => undefined,
    everything: (region) => new Map([resource, ...made(region)].map((arn) => [arn, {}])),
    newOneBreaks: ({ services }) => services.backup.arrange.nextRestore('ABORTED'),
  },
};
