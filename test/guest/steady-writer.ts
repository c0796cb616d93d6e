import { spawn } from 'node:child_process';
import { setTimeout as pause } from 'node:timers/promises';

/** A client that writes one transaction after another, the next when the last is acknowledged. */
export interface SteadyWriter {
  /** Number of the last transaction that was sent, and that was acknowledged. They begin with 1. */
  sent(): number;
  acknowledged(): number;
  /** When that was, epoch ms. */
  acknowledgedAtMs(): number;
  /** The longest time between two acknowledgements so far, or since pauses were forgotten. */
  longestPauseMs(): number;
  forgetPauses(): void;
  stop(): Promise<void>;
}

/**
 * @param command a client that takes statements from its standard input
 * @param transaction statements of one transaction; after it the client must print `ack <number>` on a line of its own
 * @param everyMs between an acknowledgement and the next transaction
 */
export function steadyWriter(
  command: readonly [string, ...string[]],
  transaction: (number: number) => string,
  everyMs = 1,
): SteadyWriter {
  const [file, ...args] = command;
  const client = spawn(file, args, { stdio: ['pipe', 'pipe', 'pipe'] });
  const ended = new Promise<void>((resolve) => client.once('close', () => resolve()));
  let said = '';
  const times = { sent: 0, acknowledged: 0, atMs: Date.now(), longestMs: 0 };
  const send = () => {
    times.sent += 1;
    client.stdin.write(`${transaction(times.sent)}\n`);
  };
  const hear = async (data: unknown) => {
    said = (said + String(data)).slice(-200);
    if (!said.includes(`ack ${times.sent}\n`)) return;
    const nowMs = Date.now();
    times.longestMs = Math.max(times.longestMs, nowMs - times.atMs);
    times.atMs = nowMs;
    times.acknowledged = times.sent;
    said = '';
    await pause(everyMs);
    if (client.stdin.writable) send();
  };
  client.stdout.on('data', hear);
  client.stderr.on('data', hear);
  client.stdin.on('error', () => {}); // The server, and with it the client, may be gone.
  send();
  return {
    sent: () => times.sent,
    acknowledged: () => times.acknowledged,
    acknowledgedAtMs: () => times.atMs,
    longestPauseMs: () => times.longestMs,
    forgetPauses: () => {
      times.longestMs = 0;
    },
    stop: async () => {
      client.stdin.end();
      client.kill('SIGKILL');
      await ended;
    },
  };
}
