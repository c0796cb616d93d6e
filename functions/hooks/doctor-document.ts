/**
 * The one document that people may send, `holdfast doctor`'s: it looks, on behalf of any hook or verification, and can do nothing else, for
 * SSM can allow a document to somebody, but not one action of a document.
 */
import {
  type DocumentContent,
  deadlineParameter,
  documentOf,
  promoteParameters,
  runParameter,
  verifyParameters,
} from './document.ts';
import { doctorScript } from './guest-script.ts';
import type { DocumentParameter } from './hook.ts';
import { hookKinds } from './index.ts';

type Parameters = Readonly<Record<string, DocumentParameter>>;

/** Whatever another kind has. */
const unset = 'unset';

const examined: readonly { readonly kind: string; readonly parameters: Parameters }[] = [
  ...hookKinds,
  { kind: 'verify', parameters: verifyParameters },
  { kind: 'promote', parameters: promoteParameters },
];

/** Parameters `kind` (of a hook, `verify` or `promote`), `run`, `deadlineSeconds`, and those of the kind; there is no `action`. */
export const doctorDocument = (): DocumentContent =>
  documentOf({
    description: 'Holdfast: tells whether a guest could be held still and an application verified, and does neither',
    parameters: {
      kind: { description: 'What is examined.', allowedValues: examined.map(({ kind }) => kind) },
      run: runParameter,
      deadlineSeconds: deadlineParameter('As the hook would have it.'),
      ...parametersOfAll(),
    },
    // Mounting a file system may take a minute, and waiting for another who does half of one.
    timeoutSeconds: 100,
    scriptText: doctorScript(examined.map(({ kind }) => kind)),
  });

function parametersOfAll(): Parameters {
  const all = examined.flatMap(({ parameters }) => Object.entries(parameters));
  return Object.fromEntries(
    all.map(([name, { description }]) => {
      const patterns = all.flatMap(([other, parameter]) => (other === name ? patternOf(parameter) : []));
      const allowedPattern = [`^${unset}$`, ...new Set(patterns)].join('|');
      return [name, { description, allowedPattern, default: unset }];
    }),
  );
}

const patternOf = ({ allowedPattern, allowedValues = [] }: DocumentParameter): string =>
  allowedPattern ?? `^(${allowedValues.join('|')})$`;
