import type { ProgramResult } from '../../guest/guest.ts';
import { markerOf, scriptModel } from '../../guest/programs.ts';
import { ApiError } from '../../kernel/service.ts';
import type { InstanceRecord } from '../ec2/records.ts';
import type { Perform } from '../perform.ts';

/** A Command document (schema 2.2) as far as it is understood here. */
export interface CommandDocument {
  readonly name: string;
  readonly content: string;
  readonly description: string;
  readonly tags: Readonly<Record<string, string>>;
  readonly createdMs: number;
  readonly parameters: Readonly<Record<string, DocumentParameter>>;
  readonly stepName: string;
  readonly script: string;
  /** The step's timeoutSeconds, parameters not yet filled in. Default 3600. */
  readonly timeoutSeconds: string;
  /** What runs in the guest instead of a script, in the name of the instance's role: of documents that AWS owns. */
  readonly run?: GuestRun;
}

export type GuestRun = (
  instance: InstanceRecord,
  values: Readonly<Record<string, string>>,
  region: { readonly perform: Perform },
) => Promise<ProgramResult>;

export interface DocumentParameter {
  readonly type: string;
  readonly defaultValue: string | undefined;
  readonly allowedValues: readonly string[] | undefined;
  readonly allowedPattern: RegExp | undefined;
}

type Json = Readonly<Record<string, unknown>>;

/** A document from its CloudFormation properties. Throws for what a simulated guest could not run: better at deploy than at night. */
export function parseDocument(
  name: string,
  content: string,
  tags: Readonly<Record<string, string>>,
  createdMs: number,
): CommandDocument {
  const body = asObject(JSON.parse(content), `document ${name}`);
  const steps: unknown = body.mainSteps;
  const [first, ...others] = Array.isArray(steps) ? steps : [];
  const step = asObject(first, `mainSteps of ${name}`);
  if (body.schemaVersion !== '2.2' || others.length > 0 || step.action !== 'aws:runShellScript') {
    throw new Error(`document ${name}: only schema 2.2 with one aws:runShellScript step is simulated`);
  }
  const inputs = asObject(step.inputs, `inputs of ${name}`);
  const lines: unknown = inputs.runCommand;
  const script = Array.isArray(lines) ? lines.join('\n') : '';
  const parameters = asObject(body.parameters ?? {}, `parameters of ${name}`);
  const document = {
    name,
    content,
    description: String(body.description ?? ''),
    tags,
    createdMs,
    parameters: Object.fromEntries(Object.entries(parameters).map(([key, value]) => [key, parseParameter(key, value)])),
    stepName: String(step.name ?? 'aws:runShellScript'),
    script,
    timeoutSeconds: String(inputs.timeoutSeconds ?? '3600'),
  };
  checkRunnable(document);
  return document;
}

/** Values for every parameter, or `InvalidParameters` as Systems Manager refuses them (SSM API SendCommand). */
export function fillParameters(
  document: CommandDocument,
  given: Readonly<Record<string, readonly string[]>>,
): Readonly<Record<string, string>> {
  const unknown = Object.keys(given).find((key) => !Object.hasOwn(document.parameters, key));
  if (unknown !== undefined) {
    throw invalidParameters(`Document ${document.name} has no parameter ${unknown}.`);
  }
  return Object.fromEntries(
    Object.entries(document.parameters).map(([key, parameter]) => {
      const value = given[key]?.join(' ') ?? parameter.defaultValue;
      if (value === undefined) {
        throw invalidParameters(`Parameter ${key} of document ${document.name} has no value.`);
      }
      checkValue(key, value, parameter);
      return [key, value];
    }),
  );
}

/** The script's run time limit in seconds with parameters filled in. */
export function executionTimeoutSeconds(document: CommandDocument, values: Readonly<Record<string, string>>): number {
  return Number(document.timeoutSeconds.replace(/\{\{\s*(\w+)\s*\}\}/g, (_, key: string) => values[key] ?? ''));
}

function parseParameter(name: string, value: unknown): DocumentParameter {
  const parameter = asObject(value, `parameter ${name}`);
  const { type, default: defaultValue, allowedValues, allowedPattern } = parameter;
  return {
    type: String(type ?? 'String'),
    defaultValue: defaultValue === undefined ? undefined : String(defaultValue),
    allowedValues: Array.isArray(allowedValues) ? allowedValues.map(String) : undefined,
    allowedPattern: typeof allowedPattern === 'string' ? new RegExp(allowedPattern) : undefined,
  };
}

function checkRunnable(document: CommandDocument): void {
  scriptModel(document.script);
  const text = `${document.script}\n${document.timeoutSeconds}`;
  const unused = Object.keys(document.parameters).find((key) => !new RegExp(`\\{\\{\\s*${key}\\s*\\}\\}`).test(text));
  if (unused !== undefined) {
    throw new Error(
      `document ${document.name} (${markerOf(document.script)}): its script never reads parameter ${unused}`,
    );
  }
}

function checkValue(name: string, value: string, parameter: DocumentParameter): void {
  if (parameter.allowedValues && !parameter.allowedValues.includes(value)) {
    throw invalidParameters(`Parameter ${name}: '${value}' is not one of ${parameter.allowedValues.join(', ')}.`);
  }
  if (parameter.allowedPattern && !parameter.allowedPattern.test(value)) {
    throw invalidParameters(`Parameter ${name}: '${value}' does not match ${parameter.allowedPattern.source}.`);
  }
}

function invalidParameters(message: string): ApiError {
  return new ApiError('InvalidParameters', message);
}

function asObject(value: unknown, what: string): Json {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) {
    throw new Error(`${what} is no object`);
  }
  return { ...value };
}
