import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { build, type Plugin } from 'esbuild';
import { describe, expect, it } from 'vitest';
import { bundle, mostBytes } from './bundle.ts';
import { bundleSettings, withPlainKeys } from './bundle-settings.ts';
import { askDomain } from './function-table.ts';

/** Services that every stack needs, and search domains: each operation is a function of a few lines (docs/architecture.md). */
const ofHoldfast = ['dynamodb', 'ecs', 'kms', 'lambda', 'opensearch', 'sfn', 'sns', 'ssm'];

/** It stands in a VPC, where no service of AWS is reached. */
const isCarrier = ({ step }: { readonly step: string }): boolean => step === askDomain;

describe('the bundle of a function', () => {
  const { directory, bundles } = bundle();

  const [carriers, others] = [bundles.filter(isCarrier), bundles.filter((each) => !isCarrier(each))];

  it.each(others)('$step stays within its limit', (each) => {
    expect(each.services).toContain('dynamodb');
    expect(each.bytes).toBeLessThanOrEqual(mostBytes(each));
  });

  it.each(carriers)('$step stays within its limit, asks no service and has no credentials', (each) => {
    expect(each.bytes).toBeLessThanOrEqual(mostBytes(each));
    expect(each.services).toEqual([]);
    expect(each.inputs.filter((input) => /credential|signature/.test(input))).toEqual([]);
  });

  it.each(others)('$step looks for credentials where Lambda puts them, and nowhere else', ({ inputs }) => {
    expect(inputs.filter((input) => /credential-provider|token-providers|nested-clients/.test(input))).toEqual([]);
    expect(inputs).toContain('functions/platform/lambda-credentials.ts');
  });

  it.each(bundles)(
    '$step carries the SDK’s clients of what members are made of at most, not those of Holdfast’s own',
    ({ inputs }) => {
      const clients = inputs.flatMap((input) => /@aws-sdk\/client-([a-z0-9-]+)\//.exec(input)?.[1] ?? []);
      expect(clients.filter((client) => ofHoldfast.includes(client))).toEqual([]);
    },
  );

  it.each(bundles)('$step describes no operation and no error of AWS but those that the functions name', ({ step }) => {
    const text = readFileSync(join(directory, step, 'index.mjs'), 'utf8');
    expect(text).not.toContain('AcceptVpcPeeringConnection');
    expect(text).not.toContain('DBSubnetGroupNotAllowedFault');
  });

  it.each(bundles)('$step reads no event streams', ({ inputs }) => {
    expect(inputs.filter((input) => input.endsWith('/EventStreamSerde.js'))).toEqual([]);
  });
});

describe('plain keys', () => {
  it('are put where a constant of the file was the key, and nowhere else', () => {
    const source = 'const _xN = "xmlName";\nconst n = _xN;\nexport const a = [{ [_xN]: _xN }, { [_other]: 1 }];';
    const plain = 'const _xN = "xmlName";\nconst n = _xN;\nexport const a = [{ "xmlName": _xN }, { [_other]: 1 }];';
    expect(withPlainKeys(source)).toBe(plain);
  });

  it('leave the shapes of EC2 as they were', async () => {
    const scratch = mkdtempSync(join(tmpdir(), 'holdfast-shapes-'));
    const shapes = async (name: string, plugins: readonly Plugin[]) => {
      const file = join(scratch, `${name}.mjs`);
      const entry = 'node_modules/@aws-sdk/client-ec2/dist-es/schemas/schemas_0.js';
      const settings = { ...bundleSettings, minify: false, plugins: [...plugins] };
      await build({ ...settings, entryPoints: [entry], outfile: file });
      const exported: Readonly<Record<string, unknown>> = await import(/* @vite-ignore */ file);
      return JSON.stringify(exported, (_, value) => (typeof value === 'function' ? String(value) : value));
    };
    const before = await shapes('before', []);
    expect(await shapes('after', bundleSettings.plugins)).toBe(before);
    expect(before).toContain('AcceptVpcPeeringConnection');
    rmSync(scratch, { recursive: true });
  });
});
