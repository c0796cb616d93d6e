/** As an SDK's package would export the schemas of its operations: numbers are kinds of shapes (`@smithy/core/schema`). */
const operation = 9;
const structure = 3;
const text = 0;
const anything = 15;

const input = [
  ...[structure, 'toystore', 'Input', 0, ['Name', 'NewName', 'StoreName', 'SnapshotName', 'Tags', 'TagKeys']],
  [text, text, text, text, anything, anything],
];
const output = [structure, 'toystore', 'Output', 0, ['Store', 'Snapshot', 'Snapshots'], [anything, anything, anything]];

export const clientOf = (names: readonly string[]): Readonly<Record<string, unknown>> =>
  Object.fromEntries(names.map((name) => [`${name}$`, [operation, 'toystore', name, 0, input, output]]));
