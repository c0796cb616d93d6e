import type { PolicyInput } from '#domain/policy-schema.ts';
import type { Stage } from '../scenario/stage.ts';
import type { Scenario } from './scenario.ts';

/** A workload of which scenarios tell. */
export interface Subject
  extends Pick<
    Scenario,
    | 'workload'
    | 'instanceId'
    | 'devices'
    | 'temporary'
    | 'heldMs'
    | 'isHeld'
    | 'content'
    | 'hasMoment'
    | 'exportsTo'
    | 'copiesUnder'
    | 'copiesTo'
    | 'misfortunes'
    | 'request'
  > {
  readonly typed: PolicyInput['workloads'][string];
  /** Of AWS Backup, beside it. */
  readonly plans?: PolicyInput['plans'];
  /** Share of EC2's answers that come in two pages, where it is not the region's own. */
  readonly shortPages?: number;
  /** What it has beside the fleet. */
  launch?(stage: Stage): void | Promise<void>;
}
