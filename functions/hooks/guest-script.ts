/**
 * The text of a guest script as it is deployed: the kind's own `guest.sh`, then what all share (`shell/`), then the call. Everything
 * is a function until that last line, so the shell has read the whole script before it does anything. Read from files at synthesis (and
 * by tests), never in Lambda.
 */
import { readFileSync } from 'node:fs';

const shared = ['hold.sh', 'freeze.sh', 'session.sh', 'volumes.sh', 'trusted-script.sh', 'temporary-files.sh'];
const read = (path: string): string => readFileSync(new URL(path, import.meta.url), 'utf8');

/**
 * @param kind a folder beside this file: a hook's kind, or `verify`
 * @throws ENOENT when the kind has no such script
 */
export const guestScript = (kind: string): string => [ownText(kind), ...sharedTexts(), 'main "$@"\n'].join('\n');

const ownText = (kind: string) => read(`./${kind}/guest.sh`);

const sharedTexts = () => shared.map((file) => read(`./shell/${file}`));

/**
 * The scripts of several kinds in one, of which HOLDFAST_KIND says which: `doctor` is all that it does. Without comments, for a document
 * has not room for all.
 */
export const doctorScript = (kinds: readonly string[]): string =>
  [
    '# holdfast-guest: doctor',
    'export HOLDFAST_ACTION=doctor',
    'case $HOLDFAST_KIND in',
    ...kinds.map((kind) => `${kind})\n${bare(ownText(kind))}\n;;`),
    'esac',
    ...sharedTexts().map(bare),
    'main doctor\n',
  ].join('\n');

/** What shellcheck reads stays, for it reads this text, too. */
const bare = (text: string): string =>
  text
    .split('\n')
    .filter((line) => !/^\s*(#(?! shellcheck )|$)/.test(line))
    .join('\n');
