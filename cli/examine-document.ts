import { isDeepStrictEqual } from 'node:util';
import { doctorDocument } from '#hooks/doctor-document.ts';
import { documentFor, promoteDocument, verifyDocument } from '#hooks/document.ts';
import { guestScript } from '#hooks/guest-script.ts';
import { hookOf } from '#hooks/index.ts';
import { codeOf } from '#platform/aws-errors.ts';
import { ssm } from '#platform/clients/ssm.ts';
import type { Documents } from './connect.ts';
import type { Examination } from './doctor.ts';
import type { Finding } from './finding.ts';

const fix = 'Deploy this version: npx cdk deploy';

/**
 * Whether the deployed document is the one that this version would deploy.
 * @param kind of a hook, `verify`, `promote` or `doctor`
 * @throws what the client throws
 */
export async function examineDocument(kind: string, documents: Documents): Promise<Examination> {
  const name = documents.get(kind);
  const problem = name === undefined ? `The stack has no ${kind} document.` : await problemOf(kind, name);
  const findings: readonly Finding[] = problem === undefined ? [] : [{ problem, fix }];
  return { subject: `${kind} document`, findings };
}

async function problemOf(kind: string, name: string): Promise<string | undefined> {
  const wanted: unknown = JSON.parse(JSON.stringify(contentOf(kind)));
  try {
    const { Content = '{}' } = await ssm().getDocument({ Name: name, DocumentFormat: 'JSON' });
    const isSame = isDeepStrictEqual(JSON.parse(Content), wanted);
    return isSame ? undefined : `The deployed document ${name} is not the one of this version of Holdfast.`;
  } catch (error) {
    if (codeOf(error) !== 'InvalidDocument') throw error;
    return `The document ${name} is gone: somebody has deleted it.`;
  }
}

function contentOf(kind: string): object {
  if (kind === 'doctor') return doctorDocument();
  if (kind === 'verify') return verifyDocument(guestScript(kind));
  if (kind === 'promote') return promoteDocument(guestScript(kind));
  return documentFor(hookOf(kind), guestScript(kind));
}
