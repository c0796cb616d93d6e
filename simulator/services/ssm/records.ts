import type { CommandInvocationStatus, CommandStatus, ParameterType } from '@aws-sdk/client-ssm';
import type { Clock } from '../../kernel/clock.ts';
import type { Random } from '../../kernel/random.ts';
import type { Kernel } from '../../kernel/service.ts';
import type { InstanceRecord } from '../ec2/records.ts';
import type { Perform } from '../perform.ts';
import type { CommandDocument } from './documents.ts';

export interface InvocationRecord {
  readonly instanceId: string;
  /** Before that nobody can read it: registration lags behind SendCommand. */
  readonly registeredMs: number;
  status: CommandInvocationStatus;
  statusDetails: string;
  startedMs: number | undefined;
  endedMs: number | undefined;
  exitCode: number;
  stdout: string;
  stderr: string;
}

export interface CommandRecord {
  readonly id: string;
  readonly document: CommandDocument;
  readonly values: Readonly<Record<string, string>>;
  readonly parameters: Record<string, string[]>;
  readonly comment: string;
  readonly requestedMs: number;
  /** The delivery timeout, which is all that TimeoutSeconds means. */
  readonly deliverUntilMs: number;
  readonly invocations: readonly InvocationRecord[];
  status: CommandStatus;
}

/** What the operations of Systems Manager share. */
export interface SsmContext {
  readonly kernel: Kernel;
  readonly clock: Clock;
  readonly random: Random;
  readonly perform: Perform;
  readonly documents: Map<string, CommandDocument>;
  readonly commands: Map<string, CommandRecord>;
  /** EC2's. */
  readonly instances: ReadonlyMap<string, InstanceRecord>;
  /** Parameter Store, by name. */
  readonly parameters: Map<string, string>;
  /** Theirs; absent: String. */
  readonly parameterTypes: Map<string, ParameterType>;
  /** Agents that die during their next command: before the script ran, or after it and before its report. */
  readonly dyingAgents: Map<string, 'before-script' | 'before-report'>;
}
