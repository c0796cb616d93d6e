import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { build } from 'esbuild';
import { describe, expect, it } from 'vitest';
import { bundleSettings } from './bundle-settings.ts';
import { usedPartsOnly, withUsedErrors, withUsedOperations } from './used-parts.ts';

const withoutBlankLines = (text: string) =>
  text
    .split('\n')
    .filter((line) => line !== '')
    .join('\n');

describe('a client of the SDK', () => {
  const lines = (...files: readonly string[]) => files.map((file) => `export * from "./${file}";`).join('\n');
  const left = (source: string, ...words: readonly string[]) =>
    withoutBlankLines(withUsedOperations(source, new Set(words)));

  it('is read without the class that has all operations as methods, which nobody needs by name', () => {
    const source = lines('EC2Client', 'EC2', 'commands', 'pagination', 'models/enums');
    expect(left(source, 'EC2')).toBe(lines('EC2Client', 'commands', 'pagination', 'models/enums'));
  });

  it('is read with the commands, paginators and waiters that are named, and with no others', () => {
    const source = lines('Interfaces', 'DescribeVolumesCommand', 'DescribeVolumesPaginator', 'waitForVolumeInUse');
    expect(left(source)).toBe(lines('Interfaces'));
    expect(left(source, 'DescribeVolumesCommand')).toBe(lines('Interfaces', 'DescribeVolumesCommand'));
    expect(left(source, 'paginateDescribeVolumes', 'waitUntilVolumeInUse')).toBe(
      lines('Interfaces', 'DescribeVolumesPaginator', 'waitForVolumeInUse'),
    );
  });

  it('knows the errors that are named, and the one that all of its service come from', () => {
    const base = '_s_registry.registerError(EFSServiceException$, EFSServiceException);';
    const missing = 'n0_registry.registerError(FileSystemNotFound$, FileSystemNotFound);';
    const inUse = 'n0_registry.registerError(FileSystemInUse$, FileSystemInUse);';
    const left = withUsedErrors([base, missing, inUse].join('\n'), new Set(['FileSystemNotFound']));
    expect(withoutBlankLines(left)).toBe([base, missing].join('\n'));
  });
});

interface Asked {
  /** What a call throws that is answered so. */
  readonly thrown: (statusCode: number, text: string) => Promise<unknown>;
}

describe('an error of AWS', () => {
  const reply = (code: string) =>
    `<ErrorResponse><Error><Code>${code}</Code><Message>Said by RDS.</Message></Error></ErrorResponse>`;
  const asked = `
    import { DescribeDBInstancesCommand, RDSClient } from '@aws-sdk/client-rds';
    export async function thrown(statusCode, text) {
      const handle = async () => ({ response: { statusCode, headers: {}, body: new Blob([text]).stream() } });
      const credentials = { accessKeyId: 'AKIA', secretAccessKey: 'secret' };
      const rds = new RDSClient({ region: 'eu-west-1', credentials, requestHandler: { handle }, maxAttempts: 1 });
      return rds.send(new DescribeDBInstancesCommand({})).catch((error) => error);
    }`;

  it('is as AWS has said it, whether a function names it or not', async () => {
    const scratch = mkdtempSync(join(bundleSettings.absWorkingDir, 'node_modules', '.errors-'));
    const [entry, outfile] = [join(scratch, 'entry.js'), join(scratch, 'index.mjs')];
    writeFileSync(entry, asked);
    const plugins = [usedPartsOnly, ...bundleSettings.plugins];
    await build({ ...bundleSettings, plugins, entryPoints: [entry], outfile });
    const { thrown }: Asked = await import(/* @vite-ignore */ outfile);
    const said = { message: 'Said by RDS.', $fault: 'client' };
    expect(await thrown(404, reply('DBInstanceNotFound'))).toMatchObject({
      ...said,
      name: 'DBInstanceNotFoundFault',
      $metadata: { httpStatusCode: 404 },
    });
    expect(await thrown(400, reply('DBSubnetGroupNotAllowedFault'))).toMatchObject({
      ...said,
      name: 'DBSubnetGroupNotAllowedFault',
      $metadata: { httpStatusCode: 400 },
    });
    rmSync(scratch, { recursive: true });
  });
});
