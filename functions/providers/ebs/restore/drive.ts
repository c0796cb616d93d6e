/** The loop of a recovery's phases over EC2's actions. */
import { type Decision as AnyDecision, type Drive, drive as driveAny } from '../../drive.ts';
import type { PhaseResult } from '../../restorer.ts';
import { type Action, perform } from './action.ts';

export type Decision = AnyDecision<Action>;

export const nothingToDo: Decision = { actions: [] };

/** Tags first, so that a volume is marked before it is moved. */
export const drive = <Seen>(course: Omit<Drive<Seen, Action>, 'perform' | 'comesFirst'>): Promise<PhaseResult> =>
  driveAny({ ...course, perform, comesFirst: ({ kind }) => kind === 'tag' || kind === 'untag' });
