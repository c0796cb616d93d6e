import { CopyDBSnapshotCommand } from '@aws-sdk/client-rds';
import { rdsCopies } from '../rds-copies.ts';
import { rdsSettings } from './settings-record.ts';
import { allManual, nameLength, remove, snapshotOf } from './snapshots.ts';

export const copier = rdsCopies({
  ...{ kind: 'rds', mostNameCharacters: nameLength, named: snapshotOf, list: allManual, remove },
  // Encrypted with the key also where the source is not. Option groups stay in their Region.
  copy: ({ source, name, key, tags }, client) =>
    client.send(
      new CopyDBSnapshotCommand({
        ...{ SourceDBSnapshotIdentifier: source, TargetDBSnapshotIdentifier: name },
        ...{ KmsKeyId: key, Tags: tags },
      }),
    ),
  settingsWords: (detail) => {
    const { instanceClass, multiAz, port, parameterGroup, optionGroup } = rdsSettings(detail);
    return [instanceClass, multiAz ? 'multi-az' : 'single-az', port, parameterGroup, optionGroup].join(' ');
  },
});
