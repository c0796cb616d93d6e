import { get } from 'node:https';
import { GetCallerIdentityCommand, STSClient } from '@aws-sdk/client-sts';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { createGateway } from './gateway.ts';
import { serveRegion } from './http-server.ts';
import { createIdentities } from './iam/identity.ts';
import { interceptAws } from './interception.ts';
import { createKernel } from './kernel/create-kernel.ts';
import { installVirtualTime, type VirtualTime } from './kernel/virtual-time.ts';
import { createSts } from './services/sts/sts.ts';

const START_MS = Date.parse('2026-03-01T02:00:00Z');
const settings = { region: 'eu-west-1', credentials: { accessKeyId: 'AKIA', secretAccessKey: 's' } };

let time: VirtualTime;
const endings: (() => void | Promise<void>)[] = [];

function region() {
  const kernel = createKernel({ seed: 1 });
  const gateway = createGateway(kernel, [createSts(kernel)], createIdentities(kernel.account));
  return { kernel, gateway };
}

beforeEach(() => {
  time = installVirtualTime({ startMs: START_MS });
});

afterEach(async () => {
  time.uninstall();
  for (const end of endings.splice(0)) await end();
});

describe('interception', () => {
  it("answers the SDK's own http handler in process, in virtual time", async () => {
    const { gateway } = region();
    endings.push(interceptAws(gateway));
    const identity = await time.drive(new STSClient(settings).send(new GetCallerIdentityCommand({})));
    expect(identity.Arn).toBe('arn:aws:iam::123456789012:user/operator');
    expect(time.nowMs() - START_MS).toBe(20);
  });

  it('gives several clients the same virtual times on every run', async () => {
    const run = async () => {
      const { gateway, kernel } = region();
      const end = interceptAws(gateway);
      kernel.faults.add({ effect: { kind: 'delay', ms: 250 }, times: 2, skip: 1 });
      const startMs = time.nowMs();
      const clients = [1, 2, 3].map(() => new STSClient(settings));
      await time.drive(Promise.all(clients.map((client) => client.send(new GetCallerIdentityCommand({})))));
      end();
      return kernel.calls.all().map(({ call, endedMs }) => [call.timeMs - startMs, endedMs - startMs]);
    };
    expect(await run()).toEqual(await run());
  });

  it('looks like a reset connection when a reply is lost', async () => {
    const { gateway, kernel } = region();
    endings.push(interceptAws(gateway));
    kernel.faults.add({ effect: { kind: 'lose-reply' } });
    const client = new STSClient({ ...settings, maxAttempts: 1 });
    await expect(time.drive(client.send(new GetCallerIdentityCommand({})))).rejects.toMatchObject({
      code: 'ECONNRESET',
    });
    kernel.faults.add({ effect: { kind: 'lose-reply' } });
    const { $metadata } = await time.drive(new STSClient(settings).send(new GetCallerIdentityCommand({})));
    expect($metadata.attempts).toBe(2);
  });

  it('answers what is fetched from AWS', async () => {
    endings.push(interceptAws(region().gateway));
    const reply = await time.drive(fetch('https://sts.eu-west-1.amazonaws.com/', { method: 'POST', body: 'Action=x' }));
    expect(reply.status).toBe(403);
    expect(await time.drive(reply.text())).toBe('Missing Authentication Token');
  });

  it('lets nothing reach the network', async () => {
    endings.push(interceptAws(region().gateway));
    const reached = new Promise((resolve, reject) => get('https://example.com/x', resolve).on('error', reject));
    await expect(time.drive(reached)).rejects.toThrow('must not reach the network: GET https://example.com/x');
    await expect(time.drive(fetch('https://example.com/y'))).rejects.toMatchObject({
      cause: { message: 'The simulation must not reach the network: GET https://example.com/y' },
    });
  });
});

describe('the HTTP server', () => {
  it('serves the same region on loopback, with time that follows the wall clock', async () => {
    const { gateway, kernel } = region();
    const server = await serveRegion(gateway);
    endings.push(server.close, time.paceRealTime(100));
    const client = new STSClient({ ...settings, endpoint: server.url });
    kernel.faults.add({ effect: { kind: 'lose-reply' } });
    const { Account, $metadata } = await client.send(new GetCallerIdentityCommand({}));
    expect(Account).toBe('123456789012');
    expect($metadata.attempts).toBe(2);
    client.destroy();
  });

  it('dates its replies by its own clock, which a client may then sign by', async () => {
    const { gateway } = region();
    const server = await serveRegion(gateway);
    endings.push(server.close, time.paceRealTime(1));
    const asked = await fetch(server.url, { method: 'POST' });
    expect(asked.headers.get('date')).toBe('Sun, 01 Mar 2026 02:00:00 GMT');
    const client = new STSClient({ ...settings, endpoint: server.url, systemClockOffset: -86_400_000 * 365 });
    expect((await client.send(new GetCallerIdentityCommand({}))).$metadata.httpStatusCode).toBe(200);
    expect(Math.abs(client.config.systemClockOffset)).toBeLessThan(1000);
    client.destroy();
  });
});
