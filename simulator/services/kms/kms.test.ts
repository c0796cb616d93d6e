import { DescribeKeyCommand, GenerateDataKeyWithoutPlaintextCommand, KMSClient } from '@aws-sdk/client-kms';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { createGateway } from '../../gateway.ts';
import { createIdentities } from '../../iam/identity.ts';
import { createKernel } from '../../kernel/create-kernel.ts';
import { installVirtualTime, type VirtualTime } from '../../kernel/virtual-time.ts';
import { clientSettings } from '../../wire/client-settings.ts';
import { createKms, type KmsKey, type KmsService } from './kms.ts';

let time: VirtualTime;
let kms: KmsService;
let client: KMSClient;
let key: KmsKey;

beforeEach(() => {
  time = installVirtualTime({ startMs: Date.parse('2026-03-01T02:00:00Z') });
  const kernel = createKernel({ seed: 1 });
  kms = createKms(kernel);
  const gateway = createGateway(kernel, [kms], createIdentities(kernel.account), { latencyMs: 0 });
  client = new KMSClient(clientSettings(gateway));
  key = kms.createKey({ alias: 'data' });
});

afterEach(() => time.uninstall());

async function use(reference: string): Promise<string> {
  const sent = client.send(new GenerateDataKeyWithoutPlaintextCommand({ KeyId: reference, NumberOfBytes: 64 }));
  const outcome = sent.then(
    ({ KeyId }) => KeyId ?? '',
    (error: Error) => error.name,
  );
  await time.advance(1);
  return await outcome;
}

describe('the simulated KMS', () => {
  it('finds a key by id, ARN, alias and alias ARN', async () => {
    const aliasArn = 'arn:aws:kms:eu-west-1:123456789012:alias/data';
    for (const reference of [key.id, key.arn, 'alias/data', aliasArn]) expect(await use(reference)).toBe(key.arn);
    expect(await use('alias/aws/ebs')).toMatch(/:key\//);
  });

  it('refuses to use a key that is disabled, dying or gone', async () => {
    kms.disable(key.arn);
    expect(await use(key.arn)).toBe('DisabledException');
    kms.enable(key.arn);
    expect(await use(key.arn)).toBe(key.arn);
    kms.scheduleDeletion(key.arn, 7);
    expect(await use(key.arn)).toBe('KMSInvalidStateException');
    await time.advance(7 * 86_400_000);
    expect(await use(key.arn)).toBe('NotFoundException');
    expect(() => kms.requireUsable('alias/none')).toThrow('alias/none is not found');
  });

  it('describes the state of a key', async () => {
    kms.disable('alias/data');
    const sent = client.send(new DescribeKeyCommand({ KeyId: key.id }));
    await time.advance(1);
    expect((await sent).KeyMetadata).toMatchObject({ Arn: key.arn, KeyState: 'Disabled', Enabled: false });
  });
});
