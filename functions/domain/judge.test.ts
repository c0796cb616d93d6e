import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { contradictions, judge } from './judge.ts';
import type { Hold, PlannedMember, Run, Window } from './run.ts';
import { sampleArtifact, sampleHold, sampleHook, sampleRun, sampleWindow } from './samples-for-tests.ts';

fc.configureGlobal({ seed: 20261121 });

const withWindow = (changes: Partial<Window>, run: Partial<Run> = {}) =>
  sampleRun({ ...run, window: sampleWindow(changes) });
const filesystem = sampleHook({ kind: 'filesystem', deadlineSeconds: 30 });
const at = (second: number) => new Date(Date.parse('2026-11-21T03:00:00.000Z') + second * 1000).toISOString();
const member = (resource: string): PlannedMember => ({ kind: 'ebs', resource, tier: 1, artifacts: 1, detail: {} });

describe('a verdict', () => {
  it('is application-consistent when every link of the chain is proven, whatever the guest thinks the time is', () => {
    const verdict = judge(sampleRun());
    expect(verdict).toMatchObject({ consistency: 'application-consistent', windowMs: 7500 });
    expect(verdict.evidence.join()).toContain('found it still holding, after 7.5 s');
  });

  it('is application-consistent with command and filesystem hooks', () => {
    const holds = [sampleHold(), sampleHold({ hook: filesystem })];
    expect(judge(withWindow({ holds })).consistency).toBe('application-consistent');
  });

  it('is filesystem-consistent when only file systems were frozen', () => {
    expect(judge(withWindow({ holds: [sampleHold({ hook: filesystem })] })).consistency).toBe('filesystem-consistent');
  });

  it('is crash-consistent when file systems were frozen but the root volume, which never is, belongs to the set', () => {
    const plan = {
      members: [{ ...member('i-0a1b2c3d4e5f60718'), includesRoot: true }],
      hooks: [filesystem],
      onQuiesceFailure: 'abort',
    } as const;
    const verdict = judge(
      withWindow({ holds: [sampleHold({ hook: { ...filesystem, instanceId: 'i-0a1b2c3d4e5f60718' } })] }, { plan }),
    );
    expect(verdict.consistency).toBe('crash-consistent');
  });

  it('is crash-consistent when all that held still is a kind that this version does not know', () => {
    const unknown = sampleHook({ kind: 'incantation' });
    expect(judge(withWindow({ holds: [sampleHold({ hook: unknown })] })).consistency).toBe('crash-consistent');
  });

  it('is crash-consistent when nothing was asked to hold still', () => {
    const { window: _, ...run } = sampleRun();
    expect(judge(run)).toEqual({
      consistency: 'crash-consistent',
      evidence: ['Nothing was asked to hold still: the workload has no hooks.'],
    });
    expect(contradictions(run)).toEqual([]);
  });

  describe('of managed services', () => {
    const managed: PlannedMember = { ...member('orders'), kind: 'rds', consistency: 'application-consistent' };
    const plan = (members: readonly PlannedMember[]) => ({ members, hooks: [], onQuiesceFailure: 'abort' }) as const;

    it('is as good as the service’s own snapshot when that is all there is', () => {
      expect(judge(sampleRun({ plan: plan([managed]), window: sampleWindow({ holds: [] }) }))).toEqual({
        consistency: 'application-consistent',
        evidence: [
          "The snapshot of rds orders is its service's own, and the only artifact; nothing had to hold still.",
        ],
      });
    });

    it('is crash-consistent when there are several and nothing held them together', () => {
      const members = [managed, { ...managed, resource: 'billing' }];
      const verdict = judge(sampleRun({ plan: plan(members), window: sampleWindow({ holds: [] }) }));
      expect(verdict.consistency).toBe('crash-consistent');
    });

    it('is crash-consistent when one was fixed only after the release', () => {
      const hook = sampleHook();
      const artifact = (upper: string) =>
        sampleArtifact(at(7), { kind: 'rds', source: 'orders', cut: { lower: at(7), upper } });
      const run = (upper: string) =>
        sampleRun({ plan: { ...plan([managed]), hooks: [hook] }, artifacts: [artifact(upper)] });
      expect(judge(run(at(9))).consistency).toBe('application-consistent');
      expect(judge(run(at(11)))).toMatchObject({
        consistency: 'crash-consistent',
        evidence: [expect.stringContaining('not before the release')],
      });
      const unknown = sampleArtifact(at(7), { kind: 'rds', source: 'orders', cut: { lower: at(7) } });
      expect(judge({ ...run(at(9)), artifacts: [unknown] }).evidence).toEqual([
        `rds orders (snap-0a1b2c3d4e5f60718) was fixed at a time that is not known, not before the release (${at(10)}).`,
      ]);
    });

    it('is crash-consistent when a service that promises only what is a minute old was asked sooner', () => {
      const hook = sampleHook({ deadlineSeconds: 600 });
      const run = (startedAt: string) => {
        const artifacts = [sampleArtifact(startedAt, { kind: 'dynamodb', source: 'orders' })];
        const window = sampleWindow({ begunAt: startedAt, releaseSentAt: '2026-11-21T03:04:00.000Z' });
        const holds = window.holds.map((hold) => ({
          ...hold,
          hook,
          releasedGuestMs: Date.parse('2026-11-21T04:04:00.000Z'),
        }));
        const members = [{ ...managed, kind: 'dynamodb' }];
        return sampleRun({ plan: { ...plan(members), hooks: [hook] }, artifacts, window: { ...window, holds } });
      };
      expect(judge(run('2026-11-21T03:01:05.000Z')).consistency).toBe('application-consistent');
      expect(judge(run('2026-11-21T03:01:02.000Z'))).toMatchObject({
        consistency: 'crash-consistent',
        evidence: [expect.stringContaining('before all had been held still for 60.0 s')],
      });
      expect(contradictions(run('2026-11-21T03:01:02.000Z'))).toEqual([]);
    });

    it('counts what such a service promises from the last of several holds that confirmed, and of none that did not', () => {
      const deadlineSeconds = 600;
      const released = { releasedGuestMs: Date.parse('2026-11-21T04:04:00.000Z') };
      const judged = (other: Hold) => {
        const holds = [sampleHold({ ...released, hook: sampleHook({ deadlineSeconds }) }), { ...released, ...other }];
        const window = { begunAt: at(65), releaseSentAt: '2026-11-21T03:04:00.000Z', holds };
        return judge(withWindow(window, { artifacts: [sampleArtifact(at(65), { kind: 'dynamodb' })] }));
      };
      const hook = sampleHook({ kind: 'services', deadlineSeconds });
      const late = sampleHold({ hook, confirmedAt: at(5.5), ...released });
      expect(judged(late).consistency).toBe('application-consistent');
      expect(judged({ ...late, confirmedAt: at(8) }).evidence.join()).toContain(
        'was begun at 2026-11-21T03:01:05.000Z, before all had been held still for 60.0 s',
      );
      expect(judged({ hook, state: 'free' }).evidence).toEqual([
        'The services hook on i-0a1b2c3d4e5f60718 never confirmed that it held still.',
      ]);
    });

    it('is crash-consistent when a moment that was chosen is not well within the hold, whatever the clocks say', () => {
      const hook = sampleHook();
      const run = (startedAt: string) => {
        const artifacts = [
          sampleArtifact(startedAt, {
            ...{ kind: 'dynamodb', source: 'orders', continuous: true },
            cut: { lower: startedAt, upper: startedAt },
          }),
        ];
        const members = [{ ...managed, kind: 'dynamodb' }];
        // Held at 5 s, calls from 20 s to 21 s, released from 22 s on.
        const window = sampleWindow({ beganAt: at(20), begunAt: at(21), releaseSentAt: at(22) });
        const holds = window.holds.map((hold) => ({
          ...hold,
          releasedGuestMs: Date.parse('2026-11-21T04:00:23.000Z'),
        }));
        return sampleRun({ plan: { ...plan(members), hooks: [hook] }, artifacts, window: { ...window, holds } });
      };
      for (const second of [7, 12, 20]) {
        expect(judge(run(at(second))).consistency).toBe('application-consistent');
        expect(contradictions(run(at(second)))).toEqual([]);
      }
      for (const second of [-30, 4, 6, 21]) {
        expect(judge(run(at(second)))).toMatchObject({
          consistency: 'crash-consistent',
          evidence: [expect.stringContaining(`is pinned to ${at(second)}, which is not 2.0 s after all were held`)],
        });
      }
    });

    it('is application-consistent when what writes to them was stopped, and not when only a file system was frozen', () => {
      const hook = sampleHook();
      const of = (hooks: readonly (typeof hook)[]) => ({ ...plan([managed, member(hook.instanceId)]), hooks });
      expect(judge(sampleRun({ plan: of([hook]) })).consistency).toBe('application-consistent');
      const frozen = withWindow({ holds: [sampleHold({ hook: filesystem })] }, { plan: of([filesystem]) });
      expect(judge(frozen).consistency).toBe('crash-consistent');
    });
  });

  it('covers managed services alone when it was an ECS service that had no tasks: what an instance has in its memory it may still write', () => {
    const hook = sampleHook({ kind: 'ecs-service', instanceId: 'shop/orders' });
    const hold = sampleHold({ hook, note: 'All its tasks had stopped, of 3 that were desired.' });
    const managed: PlannedMember = { ...member('orders'), kind: 'rds' };
    const of = (members: readonly PlannedMember[]) =>
      judge(withWindow({ holds: [hold] }, { plan: { members, hooks: [hook], onQuiesceFailure: 'abort' } }));
    expect(of([managed]).consistency).toBe('application-consistent');
    expect(of([managed]).evidence[0]).toMatch(/on our clock\..* All its tasks had stopped, of 3 that were desired\.$/);
    expect(of([managed, member('i-1')])).toMatchObject({
      consistency: 'crash-consistent',
      evidence: expect.arrayContaining(['No hook was asked to hold i-1 still.']),
    });
  });

  describe('of artifacts that a hook took itself', () => {
    const hook = sampleHook({ kind: 'windows-vss', parameters: { CopyOnly: 'False', NoWriters: 'False' } });
    const taken = { hook, state: 'free', releasedBy: 'itself', confirmedAt: at(9), note: 'it says so.' } as const;
    const times = { beganAt: at(2), begunAt: at(10), releaseSentAt: at(11) };
    const judged = (hold: Hold, changes: Partial<Window> = {}) =>
      judge(withWindow({ ...times, holds: [hold], ...changes }));

    it('is application-consistent when it succeeded with writers, with the root volume or without', () => {
      const verdict = judged(taken);
      expect(verdict.consistency).toBe('application-consistent');
      expect(verdict.evidence).toEqual([
        `The windows-vss hook on i-0a1b2c3d4e5f60718 was run at ${at(2)}, and confirmed at ${at(9)} that it took the artifacts while the applications' writers held still. The guest says: it says so.`,
      ]);
      expect(verdict).not.toHaveProperty('windowMs');
    });
    it.each<[string, Hold, string]>([
      [
        'the policy leaves the writers out',
        { ...taken, hook: { ...hook, parameters: { NoWriters: 'True' } } },
        'as the policy says',
      ],
      [
        'it never confirmed',
        { hook, state: 'free', releasedBy: 'itself', quiesceProblem: 'no tag' },
        'took the artifacts while it held still. no tag',
      ],
      ['it confirmed before it was run', { ...taken, confirmedAt: at(1) }, 'not between'],
    ])('is crash-consistent when %s', (_, hold, words) => {
      const verdict = judged(hold);
      expect(verdict.consistency).toBe('crash-consistent');
      expect(verdict.evidence.join()).toMatch(/^The windows-vss hook on i-0a1b2c3d4e5f60718 /);
      expect(verdict.evidence.join()).toContain(words);
    });
    it('ends its sentence where nobody knows why it never confirmed', () => {
      const { confirmedAt: _at, ...silent } = taken;
      expect(judged(silent).evidence).toEqual([
        'The windows-vss hook on i-0a1b2c3d4e5f60718 never confirmed that it took the artifacts while it held still.',
      ]);
    });
    it('is crash-consistent when the artifacts are older than the command', () => {
      expect(judged(taken, { beganAt: at(9.5) }).consistency).toBe('crash-consistent');
    });
  });

  it('is that of the worst instance', () => {
    const plan = { members: [member('i-0a1b2c3d4e5f60718'), member('i-2')], onQuiesceFailure: 'abort' as const };
    const one = sampleRun({ plan: { ...plan, hooks: [sampleHook()] } });
    expect(judge(one)).toMatchObject({ consistency: 'crash-consistent' });
    expect(judge(one).evidence).toContain('No hook was asked to hold i-2 still.');
    const frozen = { ...filesystem, instanceId: 'i-2' };
    const both = withWindow(
      { holds: [sampleHold(), sampleHold({ hook: frozen })] },
      { plan: { ...plan, hooks: [sampleHook(), frozen] } },
    );
    expect(judge(both).consistency).toBe('filesystem-consistent');
  });

  it.each<[string, Run]>([
    [
      'never recorded as run',
      sampleRun({ plan: { members: [], hooks: [sampleHook(), filesystem], onQuiesceFailure: 'abort' } }),
    ],
    [
      'never recorded as run',
      sampleRun({
        plan: {
          members: [],
          hooks: [sampleHook(), sampleHook({ parameters: { quiesce: '/b' } })],
          onQuiesceFailure: 'abort',
        },
      }),
    ],
    ['its own timer', withWindow({ holds: [sampleHold({ releasedBy: 'timer' })] })],
    ['had lost its hold', withWindow({ holds: [sampleHold({ releasedBy: 'lost' })] })],
    ['found not holding at release (stopped)', withWindow({ holds: [sampleHold({ releasedBy: 'stopped' })] })],
    ['never confirmed its release', withWindow({ holds: [sampleHold({ state: 'held' })] })],
    [
      'past its deadline of 60 s',
      withWindow({ holds: [sampleHold({ releasedGuestMs: Date.parse('2026-11-21T04:01:04.501Z') })] }),
    ],
    ['not before the calls began', withWindow({ beganAt: at(4) })],
    ['after the calls had returned', withWindow({ releaseSentAt: at(8) })],
    ['no artifact', sampleRun({ artifacts: [] })],
  ])('says which link is missing: %s', (words, run) => {
    expect(judge(run).consistency).toBe('crash-consistent');
    expect(judge(run).evidence.join()).toContain(words);
  });

  it("says so when AWS's times lie outside the window, with two seconds for the clocks", () => {
    const started = (second: number) => sampleRun({ artifacts: [sampleArtifact(at(7)), sampleArtifact(at(second))] });
    for (const second of [3, 12]) expect(judge(started(second)).consistency).toBe('application-consistent');
    for (const second of [2.9, 12.1]) {
      expect(judge(started(second)).consistency).toBe('crash-consistent');
      expect(judge(started(second)).evidence.join()).toContain('The times disagree');
      expect(contradictions(started(second))).toHaveLength(1);
    }
  });

  it('compares AWS with the last of several confirmations', () => {
    const holds = [sampleHold({ confirmedAt: at(1) }), sampleHold({ hook: filesystem })];
    const early = withWindow({ holds }, { artifacts: [sampleArtifact(at(2.9))] });
    expect(contradictions(early)).toHaveLength(1);
  });

  it('finds no contradiction where the record itself says why the times differ', () => {
    const holds = [sampleHold({ releasedBy: 'timer' }), sampleHold({ hook: filesystem })];
    const early = withWindow({ holds }, { artifacts: [sampleArtifact(at(2.9))] });
    expect(judge(early).evidence.join()).toContain('The times disagree');
    expect(contradictions(early)).toEqual([]);
  });

  it('is never better than crash-consistent once anything that proves it is gone', () => {
    const ofWindow = fc.constantFrom('beganAt', 'begunAt', 'releaseSentAt');
    const ofHold = fc.constantFrom('confirmedAt', 'quiescedGuestMs', 'releasedGuestMs', 'releasedBy');
    const hooks = fc.array(fc.constantFrom('command', 'filesystem'), { minLength: 1, maxLength: 4 });
    fc.assert(
      fc.property(hooks, fc.oneof(ofWindow, ofHold), fc.nat(3), (kinds, lost, index) => {
        const holds = kinds.map((kind, position) =>
          sampleHold({ hook: sampleHook({ kind, parameters: { position: String(position) } }) }),
        );
        const without = (record: object) => Object.fromEntries(Object.entries(record).filter(([key]) => key !== lost));
        const worse = holds.map((hold, position) =>
          position === index % holds.length ? { ...hold, ...cleared(hold, without) } : hold,
        );
        const { beganAt, begunAt, releaseSentAt, ...window } = sampleWindow({ holds: worse });
        const links = without({ beganAt, begunAt, releaseSentAt });
        expect(judge(sampleRun({ window: sampleWindow({ holds }) })).consistency).not.toBe('crash-consistent');
        expect(judge(sampleRun({ window: { ...window, ...links } })).consistency).toBe('crash-consistent');
      }),
    );
  });

  it('is never better than crash-consistent once any time is out of order', () => {
    const order = ['confirmedAt', 'beganAt', 'begunAt', 'releaseSentAt'] as const;
    const swaps = fc.uniqueArray(fc.nat(order.length - 1), { minLength: 2, maxLength: 2 });
    fc.assert(
      fc.property(
        swaps,
        fc.uniqueArray(fc.integer({ min: 1, max: 50 }), { minLength: 4, maxLength: 4 }),
        ([one = 0, other = 1], seconds) => {
          const times = seconds.toSorted((first, second) => first - second).map(at);
          const swapped = times.with(one, times[other] ?? '').with(other, times[one] ?? '');
          const runOf = ([confirmedAt = '', beganAt = '', begunAt = '', releaseSentAt = '']: string[]) =>
            withWindow(
              { holds: [sampleHold({ confirmedAt })], beganAt, begunAt, releaseSentAt },
              { artifacts: [sampleArtifact(begunAt)] },
            );
          expect(judge(runOf(times)).consistency).toBe('application-consistent');
          expect(judge(runOf(swapped)).consistency).toBe('crash-consistent');
        },
      ),
    );
  });
});

describe('the evidence', () => {
  const evidenceOf = (hold: Parameters<typeof sampleHold>[0]) =>
    judge(withWindow({ holds: [sampleHold(hold)] })).evidence;
  const name = 'The command hook on i-0a1b2c3d4e5f60718';

  it('of a proven hold is the whole chain', () => {
    expect(judge(sampleRun())).toEqual({
      consistency: 'application-consistent',
      evidence: [
        `${name} confirmed at 2026-11-21T03:00:05.000Z; calls ran from 2026-11-21T03:00:06.000Z to 2026-11-21T03:00:09.000Z; release was sent at 2026-11-21T03:00:10.000Z and found it still holding, after 7.5 s on the guest's clock. That clock is 3599.5 s ahead of ours, which no duration depends on.`,
      ],
      windowMs: 7500,
    });
  });

  it('of a proven hold has what the guest says of it', () => {
    const evidence = evidenceOf({ note: 'PostgreSQL 150018: backup mode' });
    expect(evidence[0]).toMatch(/which no duration depends on\. The guest says: PostgreSQL 150018: backup mode$/);
  });

  it("has when the guest armed its timer, and how far the guest's clock is off only where that is much", () => {
    const onTime = {
      armedGuestMs: Date.parse('2026-11-21T03:00:03.250Z'),
      quiescedGuestMs: Date.parse('2026-11-21T03:00:04.500Z'),
      releasedGuestMs: Date.parse('2026-11-21T03:00:12.000Z'),
    };
    expect(evidenceOf(onTime)[0]).toMatch(
      /guest's clock\. Its timer was armed for 60 s at 2026-11-21T03:00:03\.250Z\.$/,
    );
    const behindMs = Date.parse('2026-11-21T02:00:04.500Z');
    expect(evidenceOf({ quiescedGuestMs: behindMs, releasedGuestMs: behindMs + 1000 })[0]).toContain(
      'That clock is 3600.5 s behind ours',
    );
  });

  it('of a clean-up says that it holds nothing: it neither proves nor spoils anything once it is done', () => {
    const cleanUp = sampleHook({ kind: 'clean-up', parameters: { roots: '/data' } });
    const cleaned = sampleHold({
      hook: cleanUp,
      releasedBy: 'timer',
      releasedGuestMs: Date.parse('2026-11-21T05:00:00Z'),
    });
    const together = judge(withWindow({ holds: [cleaned, sampleHold()] }));
    expect(together).toMatchObject({ consistency: 'application-consistent', windowMs: 7500 });
    expect(together.evidence[0]).toBe(
      'The clean-up hook on i-0a1b2c3d4e5f60718 confirmed at 2026-11-21T03:00:05.000Z that nothing was left; it holds nothing still.',
    );
    expect(judge(withWindow({ holds: [cleaned] })).consistency).toBe('crash-consistent');
    const { confirmedAt: _at, ...failed } = sampleHold({ hook: cleanUp, quiesceProblem: 'TEMP.1 is left' });
    expect(judge(withWindow({ holds: [failed, sampleHold()] }))).toMatchObject({
      consistency: 'crash-consistent',
      evidence: [expect.stringContaining('TEMP.1 is left')],
    });
  });

  it('of a hook without a window says that nothing is known', () => {
    const { window: _, ...run } = sampleRun({ plan: { members: [], hooks: [filesystem], onQuiesceFailure: 'abort' } });
    expect(judge(run)).toEqual({
      consistency: 'crash-consistent',
      evidence: ['No window was recorded, so nothing is known to have held still.'],
    });
  });

  it('names the link of one hold that is missing', () => {
    const { confirmedAt: _at, ...unconfirmed } = sampleHold({ quiesceProblem: 'exit code 3' });
    expect(judge(withWindow({ holds: [unconfirmed] })).evidence).toEqual([
      `${name} never confirmed that it held still. exit code 3`,
    ]);
    const { quiescedGuestMs: _ms, ...untimed } = sampleHold();
    expect(judge(withWindow({ holds: [untimed] })).evidence).toEqual([`${name} never confirmed that it held still.`]);
    const { releasedBy: _by, ...unreleased } = sampleHold();
    expect(judge(withWindow({ holds: [unreleased] })).evidence).toEqual([`${name} never confirmed its release.`]);
    expect(evidenceOf({ releasedGuestMs: Date.parse('2026-11-21T04:00:04.499Z') })).toEqual([
      `${name} has no release after its quiesce on the guest's clock.`,
    ]);
    expect(evidenceOf({ releasedGuestMs: Date.parse('2026-11-21T04:02:04.500Z') })).toEqual([
      `${name} held 120.0 s, past its deadline of 60 s.`,
    ]);
    expect(evidenceOf({ releasedGuestMs: Date.parse('2026-11-21T04:01:04.500Z') })[0]).toContain('after 60.0 s');
  });

  it('names the link of the whole run that is missing', () => {
    const { begunAt: _, ...window } = sampleWindow();
    expect(judge(sampleRun({ window })).evidence).toEqual([
      'It is not recorded that all calls had returned (began 2026-11-21T03:00:06.000Z, returned undefined).',
      'Release was not sent after the calls had returned (returned undefined, sent 2026-11-21T03:00:10.000Z).',
    ]);
    expect(judge(sampleRun({ artifacts: [sampleArtifact(at(30))] })).evidence).toEqual([
      'The times disagree: AWS has snap-0a1b2c3d4e5f60718 start at 2026-11-21T03:00:30.000Z, outside the window from 2026-11-21T03:00:05.000Z to 2026-11-21T03:00:10.000Z.',
    ]);
    expect(contradictions(sampleRun())).toEqual([]);
  });

  it('compares no times of AWS where no hold ever confirmed', () => {
    const { confirmedAt: _at, ...unconfirmed } = sampleHold();
    expect(judge(withWindow({ holds: [unconfirmed] }, { artifacts: [sampleArtifact(at(30))] })).evidence).toEqual([
      `${name} never confirmed that it held still.`,
    ]);
  });

  it('of a link that is missing still has how long the workload was held', () => {
    expect(judge(sampleRun({ artifacts: [] })).windowMs).toBe(7500);
  });

  it('names the root volume that no hook froze, beside what was proven', () => {
    const members = [{ ...member('i-0a1b2c3d4e5f60718'), includesRoot: true }, member('i-2')];
    const hooks = [filesystem, sampleHook({ instanceId: 'i-2' })];
    const plan = { members, hooks, onQuiesceFailure: 'abort' } as const;
    const run = withWindow({ holds: hooks.map((hook) => sampleHold({ hook })) }, { plan });
    expect(judge(run).evidence.slice(2)).toEqual([
      'The root volume of i-0a1b2c3d4e5f60718 is in the set, and no hook froze it.',
    ]);
  });

  it('counts the window from the first quiesce to the last release', () => {
    const later = {
      quiescedGuestMs: Date.parse('2026-11-21T04:00:06Z'),
      releasedGuestMs: Date.parse('2026-11-21T04:00:09Z'),
    };
    const holds = [sampleHold({ hook: filesystem, ...later }), sampleHold()];
    expect(judge(withWindow({ holds })).windowMs).toBe(7500);
    const { releasedGuestMs: _, ...held } = sampleHold();
    expect(judge(withWindow({ holds: [held] }))).not.toHaveProperty('windowMs');
    const { quiescedGuestMs: _q, ...unheld } = sampleHold();
    expect(judge(withWindow({ holds: [unheld] }))).not.toHaveProperty('windowMs');
  });
});

/** The hold's optional proofs, less the one that is lost. */
function cleared(hold: ReturnType<typeof sampleHold>, without: (record: object) => object) {
  const { confirmedAt, quiescedGuestMs, releasedGuestMs, releasedBy } = hold;
  const kept = without({ confirmedAt, quiescedGuestMs, releasedGuestMs, releasedBy });
  const gone = {
    confirmedAt: 'gone',
    quiescedGuestMs: Number.NaN,
    releasedGuestMs: Number.NaN,
    releasedBy: 'none' as const,
  };
  return { ...gone, ...kept };
}
