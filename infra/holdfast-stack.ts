import { type App, Stack, Validations } from 'aws-cdk-lib';
import { AwsSolutionsChecks } from 'cdk-nag';
import { parse } from 'yaml';
import { type FileMistake, readPolicy } from '#domain/policy-file.ts';
import { Holdfast } from './holdfast.ts';

export interface HoldfastStackProps {
  /** The text of `holdfast.yaml`. */
  readonly policyText: string;
  /** Its name, for messages. */
  readonly policyFile: string;
  /** As in `HoldfastProps`. */
  readonly bundlesDirectory?: string;
}

/** A person's mistake, and no bug: where in the code it was found says nothing. */
export class InvalidPolicy extends Error {
  override readonly name = 'InvalidPolicy';
}

/**
 * Adds one stack for whatever account and Region it is deployed to, which cdk-nag checks as the app is synthesized.
 * Its name is the context `stack`, or `Holdfast`; with the context `protected` as `true`, CloudFormation refuses to delete it.
 * @throws InvalidPolicy that lists every mistake of the policy with its line
 */
export function addHoldfastStack(app: App, { policyText, policyFile, bundlesDirectory }: HoldfastStackProps): Stack {
  const read = readPolicy(policyText);
  if ('mistakes' in read) throw new InvalidPolicy(read.mistakes.map((each) => located(policyFile, each)).join('\n'));
  const stack = new Stack(app, contextOf(app, 'stack') ?? 'Holdfast', {
    // The CDK sets it with every deployment, so that what somebody has set by hand lasts until the next.
    terminationProtection: contextOf(app, 'protected') === 'true',
    // CloudFormation takes a million bytes, of which the spaces would be a third.
    suppressTemplateIndentation: true,
    description: 'Holdfast: backs up stateful workloads, held still, and recovers them',
  });
  // `Default` leaves no trace in logical ids, which would else all begin with the word Holdfast twice.
  new Holdfast(stack, 'Default', {
    ...parse(policyText),
    ...(bundlesDirectory === undefined ? {} : { bundlesDirectory }),
  });
  Validations.of(app).addPlugins(new AwsSolutionsChecks(app));
  return stack;
}

/** A context value (`cdk deploy -c key=value`, or of `cdk.json`, where `true` needs no quotes), if there is one. */
export function contextOf(app: App, key: string): string | undefined {
  const value: unknown = app.node.tryGetContext(key);
  if (typeof value === 'boolean') return String(value);
  return typeof value === 'string' && value !== '' ? value : undefined;
}

function located(file: string, { line, column, path, message, suggestion, expected }: FileMistake): string {
  const meant = suggestion === undefined ? '' : ` Did you mean "${suggestion}"?`;
  const wanted = expected === undefined ? '' : ` Expected: ${expected}.`;
  return `${file}:${line}:${column} ${path.length === 0 ? '' : `${path.join('.')}: `}${message}${meant}${wanted}`;
}
