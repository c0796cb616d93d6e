import { CfnDocument } from 'aws-cdk-lib/aws-ssm';
import type { Construct } from 'constructs';
import { doctorDocument } from '#hooks/doctor-document.ts';
import { type DocumentContent, documentFor, promoteDocument, verifyDocument } from '#hooks/document.ts';
import { guestScript } from '#hooks/guest-script.ts';
import { hookKinds } from '#hooks/index.ts';
import { pascalCase } from './function-table.ts';

/** Names of the SSM documents that Holdfast runs on guests. */
export interface Documents {
  /** By kind of hook. */
  readonly hooks: Readonly<Record<string, string>>;
  readonly verify: string;
  /** Moves restored files of EFS to their place. */
  readonly promote: string;
  /** The only one that people send. */
  readonly doctor: string;
}

/** One document a kind of hook, those of a recovery, and the doctor's. A changed script is a new version, which becomes the default. */
export function createDocuments(scope: Construct): Documents {
  const hooks = hookKinds.map((kind) => {
    const content = documentFor(kind, guestScript(kind.kind));
    return [kind.kind, createDocument(scope, kind.kind, content)] as const;
  });
  return {
    hooks: Object.fromEntries(hooks),
    verify: createDocument(scope, 'verify', verifyDocument(guestScript('verify'))),
    promote: createDocument(scope, 'promote', promoteDocument(guestScript('promote'))),
    doctor: createDocument(scope, 'doctor', doctorDocument()),
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

/** What guests are sent, and by whom. */
export type GuestUse = 'hooks' | 'recovery' | 'promotion';

const isUsed: Readonly<Record<GuestUse, (kind: string) => boolean>> = {
  hooks: (kind) => !['verify', 'promote', 'doctor'].includes(kind),
  recovery: (kind) => kind === 'clean-up' || kind === 'verify',
  promotion: (kind) => kind === 'promote',
};

/** The variables by which functions find the documents (`functions/platform/environment.ts`). */
export function documentVariables({ hooks, ...others }: Documents, use: GuestUse): Record<string, string> {
  return Object.fromEntries(
    Object.entries({ ...hooks, ...others })
      .filter(([kind]) => isUsed[use](kind))
      .map(([kind, name]) => [`HOLDFAST_DOCUMENT_${kind.toUpperCase().replaceAll('-', '_')}`, name]),
  );
}
