import { describe, expect, test } from 'vitest';
import { sampleRecovery } from '#domain/samples-for-tests.ts';
import { concludeRecovery } from './conclude-recovery.ts';
import { reportError } from './report-error.ts';
import { scriptedTerminal } from './scripted-terminal.ts';

const failure = { name: 'ProviderFault', message: 'no capacity', phase: 'start' };

/** Ends a recovery as the command does: the exit code, and all that was written. */
function ended(changes: Parameters<typeof sampleRecovery>[0], rtoMinutes?: number) {
  const terminal = scriptedTerminal();
  try {
    const code: number = concludeRecovery(terminal, sampleRecovery(changes), rtoMinutes);
    return { code, text: terminal.lines.join('\n') };
  } catch (error) {
    const code: number = reportError(error, false, terminal);
    return { code, text: [...terminal.lines, ...terminal.complaints].join('\n') };
  }
}

describe('the end of a recovery', () => {
  test('committed: exit code 0, with the time that it took against the objective', () => {
    const { code, text } = ended({}, 45);
    expect(code).toBe(0);
    expect(text).toContain('in 9 min 0 s, within the RTO of 45 min');
    expect(text).toContain('npx holdfast backup orders-db');
  });

  test('of volumes: says how long those before are kept', () => {
    expect(ended({}).text).toContain('The replaced volumes are kept for 7 days');
  });

  describe('of a database alone', () => {
    const database = { kind: 'rds', resource: 'orders', detail: {} };
    const about = (told: { keeps?: string; leaves?: string }) => {
      const targets = [{ ...database, ...told }];
      return { plan: { targets, safetySnapshot: true, keepReplacedDays: 7, calls: [], warnings: [] } };
    };

    test('committed: says where the one before is, and nothing of volumes', () => {
      const { text } = ended(about({ keeps: 'The database before is orders-old.' }));
      expect(text).toContain('The database before is orders-old.');
      expect(text).not.toContain('volume');
    });

    test('rolled back: says what was made in vain, and nothing of volumes', () => {
      const leaves = 'The rds orders-new is left as it is.';
      const { text } = ended({ ...about({ leaves }), state: 'rolled-back', failure });
      expect(text).toContain('on the resources that it had. The rds orders-new is left as it is.');
      expect(text).not.toContain('volume');
    });

    test('stranded: says that nothing was deleted, and nothing of volumes', () => {
      const { text } = ended({ ...about({}), state: 'stranded', failure, application: 'down' });
      expect(text).toContain('Holdfast deleted nothing.');
      expect(text).not.toContain('volume');
    });
  });

  test('committed too late: exit code 0, and it says so', () => {
    const { code, text } = ended({}, 5);
    expect(code).toBe(0);
    expect(text).toContain('PAST the RTO of 5 min');
  });

  test('rolled back: exit code 1, why, and that the workload is as it was', () => {
    const { code, text } = ended({ state: 'rolled-back', failure });
    expect(code).toBe(1);
    expect(text).toContain('no capacity');
    expect(text).toContain('orders-db is as it was before');
  });

  test('stranded: exit code 4, with every line of what a person must do', () => {
    const leftovers = ['vol-1 is detached', 'aws ec2 attach-volume --volume-id vol-1 --device /dev/sdh'];
    const { code, text } = ended({ state: 'stranded', failure, leftovers, application: 'down' });
    expect(code).toBe(4);
    expect(text).toContain('orders-db: DOWN: its instance is not running. Holdfast deleted no volume.');
    for (const line of leftovers) expect(text).toContain(line);
  });
});
