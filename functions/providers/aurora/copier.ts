import { CopyDBClusterSnapshotCommand } from '@aws-sdk/client-rds';
import { rdsCopies } from '../rds-copies.ts';
import { auroraSettings } from './settings-record.ts';
import { allManual, manualSnapshots, nameLength, remove, snapshotOf } from './snapshots.ts';

export const copier = rdsCopies({
  ...{ kind: 'aurora', mostNameCharacters: nameLength, named: snapshotOf, list: allManual, remove },
  room: manualSnapshots,
  // What is not encrypted stays so: with a key the call is refused.
  copy: ({ artifact, source, name, key, tags }, client) =>
    client.send(
      new CopyDBClusterSnapshotCommand({
        ...{ SourceDBClusterSnapshotIdentifier: source, TargetDBClusterSnapshotIdentifier: name, Tags: tags },
        ...(artifact.detail.isEncrypted === false ? {} : { KmsKeyId: key }),
      }),
    ),
  settingsWords: (detail) => {
    const { instances, port, parameterGroup, serverlessCapacity } = auroraSettings(detail);
    const classes = Map.groupBy(instances, ({ instanceClass }) => instanceClass);
    const { MinCapacity, MaxCapacity } = serverlessCapacity ?? {};
    return [
      ...[...classes].map(([name, some]) => `${some.length}x${name}`),
      ...(serverlessCapacity === undefined ? [] : [`${MinCapacity}-${MaxCapacity}ACU`]),
      ...[port, parameterGroup],
    ].join(' ');
  },
});
