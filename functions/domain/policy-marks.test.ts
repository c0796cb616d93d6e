import { describe, expect, it } from 'vitest';
import type { Policy } from './policy.ts';
import { readPolicy } from './policy-file.ts';
import { differenceOf, marksOf } from './policy-marks.ts';

const text = (workloads: string, more = '') =>
  `version: 1\nmail: { failures: [ops@example.com] }\nworkloads:\n${workloads}\n${more}`;
const workload = (name: string, days = 30, schedule = '{ cron: "0 3 * * ? *" }') =>
  `  ${name}: { schedule: ${schedule}, members: [{ kind: ebs, instance: { tags: { B: b, A: ${name} } }, volumes: data }], retention: { days: ${days} } }`;

function policyOf(yaml: string): Policy {
  const read = readPolicy(yaml);
  if ('mistakes' in read) throw new Error(JSON.stringify(read.mistakes));
  return read.policy;
}

describe('whether a policy is the one that is deployed', () => {
  const deployed = marksOf(policyOf(text([workload('kept'), workload('changed'), workload('gone')].join('\n'))));

  it('tells what is not deployed, what is deployed otherwise, and what is deployed alone', () => {
    const policy = policyOf(text([workload('kept'), workload('changed', 31), workload('added')].join('\n')));
    expect(differenceOf(policy, deployed)).toEqual({
      undeployed: ['added'],
      differing: ['changed'],
      deployedOnly: ['gone'],
      sharesNothing: false,
    });
    expect(differenceOf(policyOf(text(workload('another'))), deployed).sharesNothing).toBe(true);
    expect(differenceOf(policy, new Map())).toMatchObject({ differing: [], sharesNothing: false });
  });

  it('has marks of eight characters, short enough for a line', () => {
    for (const mark of deployed.values()) expect(mark).toMatch(/^[0-9a-f]{8}$/);
  });

  it('takes comments, the order of keys and defaults that are typed for no difference', () => {
    const same = [
      '  gone: { retention: { minimum: 7, days: 30 }, members: [{ volumes: data, tier: 1, instance: { tags: { A: gone, B: b } }, kind: ebs }], schedule: { timeZone: UTC, expression: "cron(0 3 * * ? *)" } } # as it was',
      workload('changed'),
      workload('kept'),
    ].join('\n');
    expect(differenceOf(policyOf(text(same)), deployed)).toEqual({
      ...{ undeployed: [], differing: [], deployedOnly: [], sharesNothing: false },
    });
  });

  it('counts what a workload has from the top level, and backup plans under a name that no workload has', () => {
    const one = policyOf(text(workload('kept')));
    const mailed = policyOf(text(workload('kept')).replace('ops@', 'others@'));
    expect(differenceOf(mailed, marksOf(one)).differing).toEqual(['kept']);
    const planned = policyOf(text(workload('kept'), 'plans: { kept: { select: { tags: { backup: yes-please } } } }'));
    expect(differenceOf(planned, marksOf(one)).undeployed).toEqual(['backup plan kept']);
  });

  it('calls former kinds that are not deployed, or are deployed alone, a difference of their own, in whatever order', () => {
    const without = policyOf(text(workload('kept')));
    const having = policyOf(text(workload('kept'), 'formerKinds: [rds, efs]'));
    const none = { undeployed: [], deployedOnly: [], sharesNothing: false };
    expect(differenceOf(having, marksOf(without))).toEqual({ ...none, differing: ['former kinds'] });
    expect(differenceOf(without, marksOf(having))).toEqual({ ...none, differing: ['former kinds'] });
    const turned = policyOf(text(workload('kept'), 'formerKinds: [efs, rds]'));
    expect(differenceOf(turned, marksOf(having))).toEqual({ ...none, differing: [] });
  });
});
