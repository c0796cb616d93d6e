/**
 * The SSM Command documents that guest scripts travel in, schema 2.2:
 * https://docs.aws.amazon.com/systems-manager/latest/userguide/documents-schemas-features.html
 * Parameters replace `{{ name }}` as plain text before the shell reads it, so their patterns leave no room for quotes, `$`,
 * backticks or new lines, and the script itself gets them from its environment alone.
 */
import { invariantBroken } from '#domain/faults.ts';
import type { DocumentParameter, HookKind } from './hook.ts';

export interface DocumentContent {
  readonly schemaVersion: '2.2';
  readonly description: string;
  readonly parameters: Readonly<Record<string, DocumentParameter & { readonly type: 'String' }>>;
  readonly mainSteps: readonly [DocumentStep];
}

export interface DocumentStep {
  readonly action: 'aws:runShellScript';
  readonly name: 'guest';
  readonly precondition: { readonly StringEquals: readonly ['platformType', 'Linux'] };
  /** `timeoutSeconds`: the agent kills the script after it; `runCommand`: one line of shell each. */
  readonly inputs: { readonly timeoutSeconds: string; readonly runCommand: readonly string[] };
}

/** A document may be 64 KB: https://docs.aws.amazon.com/general/latest/gr/ssm.html */
const mostBytes = 64_000;

export const runParameter: DocumentParameter = {
  description: 'The run (or recovery) on whose behalf this is done.',
  allowedPattern: '^[A-Za-z0-9-]{1,80}$',
};
export const deadlineParameter = (description: string): DocumentParameter => ({
  description,
  allowedPattern: '^[1-9][0-9]{0,4}$',
});

/**
 * @param kind the hook; its parameters come beside `action`, `run` and `deadlineSeconds`
 * @param scriptText from `guestScript`
 * @throws InvariantBroken when the script would not survive SSM (contains `{{`, or is too long)
 */
export const documentFor = (kind: HookKind, scriptText: string): DocumentContent =>
  documentOf({
    description: `Holdfast: holds a guest still and lets it go (${kind.kind} hook)`,
    parameters: {
      action: {
        description: 'Hold still, let go, or tell what is held.',
        allowedValues: ['quiesce', 'release', 'check', ...(kind.furtherActions ?? [])],
      },
      run: runParameter,
      deadlineSeconds: deadlineParameter('Seconds until the guest lets go by itself.'),
      ...kind.parameters,
    },
    // A release script may take as long as the deadline, after a quiesce script that took as long; then the agent may kill.
    timeoutSeconds: 2 * kind.deadlineSeconds.most + 30,
    scriptText,
  });

/** The document of a recovery's check: parameters `run`, `deadlineSeconds`, and `path` of the owner's script. */
export const verifyDocument = (scriptText: string): DocumentContent =>
  documentOf({
    description: 'Holdfast: asks a script of the owner whether the application works after a recovery',
    parameters: {
      run: runParameter,
      deadlineSeconds: deadlineParameter('Seconds that the script may take.'),
      ...verifyParameters,
    },
    timeoutSeconds: 1020,
    scriptText,
  });

/** An absolute path without white space or anything that a shell would expand. */
export const scriptPathPattern = '^/[A-Za-z0-9._/-]{1,255}$';

export const verifyParameters = {
  path: { description: 'Absolute path of the script.', allowedPattern: scriptPathPattern },
} as const;

const listOf = (item: string): string => `^${item}(,${item})*$`;

/** Temporary files: `roots`, `files` and `folders`, as the documents take them; `moveTo` is the hook's own. */
export const temporaryParameters = {
  roots: { description: 'Folders to clean up, separated by commas.', allowedPattern: listOf('/[A-Za-z0-9._/-]*') },
  files: {
    description: 'Base names of files to take away, * for anything, separated by commas; or none.',
    allowedPattern: listOf('[A-Za-z0-9._*-]+'),
  },
  folders: {
    description: 'Names of folders whose content is taken away, separated by commas; or none.',
    allowedPattern: listOf('[A-Za-z0-9._-]+'),
  },
} as const;

export const promoteParameters = {
  server: { description: 'IP address of a mount target.', allowedPattern: '^[0-9a-fA-F.:]{2,45}$' },
  ...temporaryParameters,
} as const;

/**
 * The document that moves restored files of EFS to their place, and takes temporary ones away: parameters `run`, `deadlineSeconds`, `server`
 * and, by paths of the file system, `temporaryParameters`.
 */
export const promoteDocument = (scriptText: string): DocumentContent =>
  documentOf({
    description: 'Holdfast: moves the files that AWS Backup has restored to the root of their file system',
    parameters: {
      run: runParameter,
      deadlineSeconds: deadlineParameter('Seconds that it waits for another one on this guest.'),
      ...promoteParameters,
    },
    // Every name of a large file system has to be read.
    timeoutSeconds: 7200,
    scriptText,
  });

/** Such a path, or a word that stands for none. */
export const orPath = (word: string): string => `^(${word}|/[A-Za-z0-9._/-]{1,255})$`;

/** 1 to 65535. */
export const portPattern = '^([1-9][0-9]{0,3}|[1-5][0-9]{4}|6[0-4][0-9]{3}|65[0-4][0-9]{2}|655[0-2][0-9]|6553[0-5])$';

export interface DocumentParts {
  readonly description: string;
  readonly parameters: Readonly<Record<string, DocumentParameter>>;
  /** The agent kills the script after it. */
  readonly timeoutSeconds: number;
  readonly scriptText: string;
}

/** @throws InvariantBroken when the script would not survive SSM (contains `{{`, or is too long) */
export function documentOf({ description, parameters, timeoutSeconds, scriptText }: DocumentParts): DocumentContent {
  if (scriptText.includes('{{'))
    throw invariantBroken('A guest script contains "{{", which SSM takes for a parameter.');
  const exports = Object.keys(parameters).map((name) => `export ${variableOf(name)}='{{ ${name} }}'`);
  const content: DocumentContent = {
    schemaVersion: '2.2',
    description,
    parameters: Object.fromEntries(
      Object.entries(parameters).map(([name, parameter]) => [name, { type: 'String' as const, ...parameter }]),
    ),
    mainSteps: [
      {
        action: 'aws:runShellScript',
        name: 'guest',
        precondition: { StringEquals: ['platformType', 'Linux'] },
        inputs: {
          timeoutSeconds: String(timeoutSeconds),
          runCommand: ['#!/bin/sh', ...exports, ...scriptText.trimEnd().split('\n')],
        },
      },
    ],
  };
  const bytes = Buffer.byteLength(JSON.stringify(content));
  if (bytes > mostBytes) throw invariantBroken(`The document is ${bytes} bytes long, more than SSM's ${mostBytes}.`);
  return content;
}

/** `quiesceScript` → `HOLDFAST_QUIESCE_SCRIPT`. */
const variableOf = (name: string): string => `HOLDFAST_${name.replaceAll(/[A-Z]/g, '_$&').toUpperCase()}`;
