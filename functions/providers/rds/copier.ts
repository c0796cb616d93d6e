import { CopyDBSnapshotCommand } from '@aws-sdk/client-rds';
import { rdsCopies } from '../rds-copies.ts';
import { groupForCopy, lackingGroup } from './option-groups.ts';
import { rdsSettings } from './settings-record.ts';
import { allManual, manualSnapshots, nameLength, remove, snapshotOf } from './snapshots.ts';

export const copier = rdsCopies({
  ...{ kind: 'rds', mostNameCharacters: nameLength, named: snapshotOf, list: allManual, remove },
  room: manualSnapshots,
  lacking: (detail, region) => lackingGroup(rdsSettings(detail), region),
  // Encrypted with the key also where the source is not.
  copy: ({ artifact, source, name, key, tags }, client) =>
    client.send(
      new CopyDBSnapshotCommand({
        ...{ SourceDBSnapshotIdentifier: source, TargetDBSnapshotIdentifier: name },
        ...groupForCopy(rdsSettings(artifact.detail)),
        ...{ KmsKeyId: key, Tags: tags },
      }),
    ),
  settingsWords: (detail) => {
    const { instanceClass, multiAz, port, parameterGroup, optionGroup } = rdsSettings(detail);
    return [instanceClass, multiAz ? 'multi-az' : 'single-az', port, parameterGroup, optionGroup].join(' ');
  },
});
