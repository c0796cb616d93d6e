/** Where the acts play. */
import type { Policy } from '#domain/policy.ts';
import type { Region } from '#simulator/region.ts';
import type { Account } from './account.ts';
import type { Check } from './checks.ts';
import type { Narrator } from './narrator.ts';
import type { Operated } from './operator.ts';

export interface Stage {
  readonly account: Account;
  readonly region: Region;
  readonly policy: Policy;
  readonly narrator: Narrator;
  /** Types a command at the operator's terminal, `status --watch`, and lets time pass until it has ended. */
  operate(commandLine: string): Promise<Operated>;
}

export interface Act {
  /** For JSON lines. */
  readonly id: string;
  readonly title: string;
  play(stage: Stage): Promise<readonly Check[]>;
}
