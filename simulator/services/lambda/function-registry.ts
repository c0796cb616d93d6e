import type { Random } from '../../kernel/random.ts';
import { ApiError } from '../../kernel/service.ts';
import { type AsyncSettings, DEFAULT_ASYNC_SETTINGS, type FunctionSettings } from './function-settings.ts';
import type { LogLine, Sandbox } from './sandbox.ts';

/** One statement of a function's resource policy (AWS::Lambda::Permission). */
export interface Permission {
  /** `events.amazonaws.com` */
  readonly principal: string;
  readonly sourceArn?: string;
}

/** What is kept of a function. A new deployment replaces all but the logs. */
export interface DeployedFunction {
  settings: FunctionSettings;
  sandbox: Sandbox;
  asyncSettings: AsyncSettings;
  readonly permissions: Permission[];
  readonly lines: LogLine[];
}

/** `name`, `arn:…:function:name` or `arn:…:function:name:$LATEST` -> `name` */
export function functionName(nameOrArn: string): string {
  return nameOrArn.startsWith('arn:') ? (nameOrArn.split(':')[6] ?? nameOrArn) : (nameOrArn.split(':')[0] ?? nameOrArn);
}

export interface FunctionRegistry {
  put(settings: FunctionSettings, sandbox: Sandbox): void;
  /** Throws ResourceNotFoundException. */
  get(nameOrArn: string): DeployedFunction;
  find(nameOrArn: string): DeployedFunction | undefined;
  delete(name: string): void;
  names(): readonly string[];
  /** The lines of a function, kept also when it is deployed again. */
  lines(name: string): LogLine[];
}

/** The functions of a region, by name. */
export function createFunctionRegistry(arnOf: (name: string) => string): FunctionRegistry {
  const functions = new Map<string, DeployedFunction>();
  const logs = new Map<string, LogLine[]>();
  const find = (nameOrArn: string) => functions.get(functionName(nameOrArn));
  const lines = (name: string) => {
    const known = logs.get(name) ?? [];
    logs.set(name, known);
    return known;
  };
  return {
    find,
    lines,
    delete: (name) => void functions.delete(name),
    names: () => [...functions.keys()],
    get(nameOrArn) {
      const found = find(nameOrArn);
      if (found) return found;
      throw new ApiError('ResourceNotFoundException', `Function not found: ${arnOf(functionName(nameOrArn))}`, 404);
    },
    put(settings, sandbox) {
      const fresh = { asyncSettings: DEFAULT_ASYNC_SETTINGS, permissions: [], lines: lines(settings.name) };
      functions.set(settings.name, { settings, sandbox, ...fresh });
    },
  };
}

/** A UUID drawn from the region's own chance. */
export function uuid(random: Random): string {
  return `${random.hex(8)}-${random.hex(4)}-4${random.hex(3)}-a${random.hex(3)}-${random.hex(12)}`;
}
