import type { Guest, ProgramResult } from '../guest.ts';
import { failure } from './hold.ts';
import { runHold } from './run-hold.ts';

const PASSES = 3;

type Parameters = Readonly<Record<string, string>>;

/** Model of the clean-up hook: parameters roots, files, folders, moveTo. What is moved is gone, too: folders are not modelled. */
export function runCleanUpHook(guest: Guest, parameters: Parameters): Promise<ProgramResult> {
  return parameters.action === 'purge' ? purge(guest, parameters) : cleanUp(guest, parameters);
}

/** A hold that ends at once. */
async function purge(guest: Guest, parameters: Parameters): Promise<ProgramResult> {
  const { stderr } = await cleanUp(guest, { ...parameters, action: 'quiesce' });
  const released = await cleanUp(guest, { ...parameters, action: 'release' });
  return released.stdout.includes('"by":"release"') ? released : failure(1, stderr.trimEnd());
}

function cleanUp(guest: Guest, parameters: Parameters): Promise<ProgramResult> {
  const { roots, files, folders, moveTo } = parameters;
  const isTemporary = matcherOf(parameters);
  return runHold(guest, parameters, {
    kind: `clean-up-hook ${roots} ${files} ${folders} ${moveTo}`,
    prepare: () => [],
    holdStill: async () => {
      for (let pass = 1; pass <= PASSES; pass += 1) {
        for (const path of guest.paths().filter(isTemporary)) {
          guest.remove(path);
        }
        await guest.sleep(PASS_MS);
        if (!guest.paths().some(isTemporary)) {
          return undefined;
        }
      }
      return `somebody is still writing temporary files; some that are left: ${guest.paths().filter(isTemporary)[0]}`;
    },
    letGo: () => true,
  });
}

/** A small tree, in the page cache. */
const PASS_MS = 50;

/** Whether a path is of a temporary file. */
export function matcherOf({ roots, files, folders }: Parameters): (path: string) => boolean {
  const fileNames = namesOf(files).map(
    (name) => new RegExp(`^${name.replaceAll('.', String.raw`\.`).replaceAll('*', '.*')}$`),
  );
  const folderNames = namesOf(folders);
  return (path) => {
    const root = namesOf(roots).find((each) => path.startsWith(each === '/' ? each : `${each}/`));
    const [base = '', ...above] = path
      .slice(root === '/' ? 0 : root?.length)
      .split('/')
      .toReversed();
    return (
      root !== undefined &&
      (fileNames.some((name) => name.test(base)) || above.some((each) => folderNames.includes(each)))
    );
  };
}

const namesOf = (list = 'none') => (list === 'none' ? [] : list.split(','));
