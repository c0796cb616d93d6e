import { describe, expect, it } from 'vitest';
import { auroraSettings } from './aurora/settings-record.ts';
import { tableSettings } from './dynamodb/settings-record.ts';
import { rdsSettings } from './rds/settings-record.ts';

const errorOf = (read: () => unknown): string => {
  try {
    read();
    return 'none';
  } catch (error) {
    return String(error);
  }
};

const table = { deletionProtection: true, tags: { team: 'orders' }, differences: [] };

describe('settings that an artifact has kept', () => {
  it.each([
    ['rds', rdsSettings],
    ['aurora', auroraSettings],
    ['dynamodb', tableSettings],
  ])('of kind %s, known by tags alone, say how a person goes on', (_, read) => {
    expect(errorOf(() => read({ snapshotArn: 'arn:snapshot' }))).toMatch(
      /^InvalidRequest: .*it went with the ledger\. Make a new one by hand from (arn:snapshot|its backup)\.$/,
    );
  });

  it.each([
    ['rds', rdsSettings, { instanceClass: 5, differences: [] }, 'instanceClass, engine'],
    [
      'aurora',
      auroraSettings,
      { engineVersion: '15.8', instances: [{}], differences: [] },
      'instances.0.instanceClass',
    ],
    ['dynamodb', tableSettings, { ...table, scaling: [{ dimension: 'reads' }] }, 'scaling.0.least'],
  ])('of kind %s that are not such are refused by the names of what is wrong', (kind, read, kept, wrong) => {
    const error = errorOf(() => read(kept));
    expect(error).toMatch(new RegExp(`^IntegrityFault: .* cannot be read as settings of kind ${kind}: `));
    expect(error).toContain(wrong);
  });

  it('of a table from before it was asked what is kept beside it say that there is nothing', () => {
    expect(tableSettings({ ...table, backupName: 'holdfast-1' })).toEqual({
      ...{ ...table, warmth: [], insights: [], scaling: [] },
    });
  });
});
