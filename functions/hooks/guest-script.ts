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
 * @param scriptFile the hook's own `scriptFile`; default `guest.sh`
 * @throws ENOENT when the kind has no such script
 */
export const guestScript = (kind: string, scriptFile = 'guest.sh'): string =>
  [read(`./${kind}/${scriptFile}`), ...shared.map((file) => read(`./shell/${file}`)), 'main "$@"\n'].join('\n');
