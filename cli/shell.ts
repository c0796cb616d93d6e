import type { ExitCode } from './exit-codes.ts';
import type { Terminal } from './terminal.ts';

/** Options that every command takes. */
export interface Settings {
  /** Name of the CloudFormation stack. */
  readonly stack: string;
  /** Otherwise the usual chain: AWS_REGION, the profile. */
  readonly region?: string | undefined;
  readonly profile?: string | undefined;
  /** Path of the policy file. */
  readonly policy: string;
  /** Stack traces of what was not foreseen. */
  readonly debug: boolean;
}

/** What a command works with. */
export interface Shell {
  readonly terminal: Terminal;
  readonly settings: Settings;
}

/** A command: `input` is what was typed, by the names in `program.ts`, and is parsed by the command itself. */
export type Run = (input: unknown, shell: Shell) => Promise<ExitCode>;
