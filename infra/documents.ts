import { CfnDocument } from 'aws-cdk-lib/aws-ssm';
import type { Construct } from 'constructs';
import { type DocumentContent, documentFor, verifyDocument } from '#hooks/document.ts';
import { guestScript } from '#hooks/guest-script.ts';
import { hookKinds } from '#hooks/index.ts';
import { pascalCase } from './function-table.ts';

/** Names of the SSM documents that Holdfast runs on guests. */
export interface Documents {
  /** By kind of hook. */
  readonly hooks: Readonly<Record<string, string>>;
  readonly verify: string;
}

/** One document a kind of hook, and one that verifies a recovery. A changed script is a new version, which becomes the default. */
export function createDocuments(scope: Construct): Documents {
  const hooks = hookKinds.map((kind) => {
    const content = documentFor(kind, guestScript(kind.kind, kind.scriptFile));
    return [kind.kind, createDocument(scope, kind.kind, content)] as const;
  });
  return {
    hooks: Object.fromEntries(hooks),
    verify: createDocument(scope, 'verify', verifyDocument(guestScript('verify'))),
  };
}

function createDocument(scope: Construct, kind: string, content: DocumentContent): string {
  const document = new CfnDocument(scope, `${pascalCase(kind)}Document`, {
    content,
    documentFormat: 'JSON',
    documentType: 'Command',
    targetType: '/AWS::EC2::Instance',
    updateMethod: 'NewVersion',
  });
  return document.ref;
}

/** Documents that a recovery sends. */
const recoveryKinds: readonly string[] = ['clean-up', 'verify'];

/** The variables by which functions find the documents (`functions/platform/environment.ts`). */
export function documentVariables({ hooks, verify }: Documents, guests: 'hooks' | 'recovery'): Record<string, string> {
  return Object.fromEntries(
    Object.entries({ ...hooks, verify })
      .filter(([kind]) => (guests === 'hooks' ? kind !== 'verify' : recoveryKinds.includes(kind)))
      .map(([kind, name]) => [`HOLDFAST_DOCUMENT_${kind.toUpperCase().replaceAll('-', '_')}`, name]),
  );
}
