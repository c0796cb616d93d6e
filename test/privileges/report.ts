/**
 * `npm run privileges -- <folder>`: least privilege both ways, over everything that the suites noted in the folder (`HOLDFAST_PRIVILEGES=<folder> npm test`).
 * Writes docs/least-privilege.md. Exit code 1 when a call was not allowed, when a grant is neither used nor explained, or
 * when an explanation explains nothing; 2 when nothing is noted there.
 */
import { globSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { Command } from 'commander';
import { denied, type Explained, uncalled } from './explained.ts';
import { type Kind, separator } from './record.ts';

interface Right {
  readonly role: string;
  readonly action: string;
  readonly resource: string;
}

const program = new Command('npm run privileges --')
  .description(
    'Least privilege both ways: which calls a deployed role did not allow, and which grants no call has used, over all that the suites did in the simulated region. Writes docs/least-privilege.md.',
  )
  .argument('<folder>', 'what the suites noted: HOLDFAST_PRIVILEGES of their run')
  .addHelpText(
    'after',
    `
Prints the sum, and a line for each of these:
  NOT ALLOWED        a call that its role does not allow: grant it, or do without
  NEVER CALLED       a grant that no call has used: take it away, test it, or explain it
  EXPLAINS NOTHING   a line of test/privileges/explained.ts that no grant or call needs any more

Example, over whole suites (those not run are not counted, and their grants seem unused):
  HOLDFAST_PRIVILEGES=/tmp/privileges npm test
  npm run privileges -- /tmp/privileges

Exit codes: 0 none of these lines; 1 some; 2 nothing is noted in the folder, or there is none.`,
  )
  .exitOverride(({ exitCode }) => process.exit(exitCode === 0 ? 0 : 2))
  .parse();

const [folder = ''] = program.args;
const files = globSync('*.tsv', { cwd: folder });
if (files.length === 0) program.error(`error: no suite has noted anything in ${folder}`);
const lines = files.flatMap((name) => readFileSync(join(folder, name), 'utf8').trim().split('\n'));

const rightsOf = (wanted: Kind): readonly Right[] =>
  [...new Set(lines)]
    .map((line) => line.split(separator))
    .filter(([kind]) => kind === wanted)
    .map(([, role = '', action = '', resource = '']) => ({ role, action, resource }))
    .sort((a, b) => textOf(a).localeCompare(textOf(b), 'en'));

const textOf = ({ role, action, resource }: Right): string => `${role} ${action} ${resource}`;

const granted = rightsOf('granted');
const used = new Set(rightsOf('used').map(textOf));
const lacking = rightsOf('lacking');
const unused = granted.filter((right) => !used.has(textOf(right)));

const fits = ({ role, action, resource }: Explained, right: Right): boolean =>
  role.test(right.role) && action.test(right.action) && (resource?.test(right.resource) ?? true);
const reasonOf = (right: Right): string | undefined => uncalled.find((one) => fits(one, right))?.reason;
const unexplained = unused.filter((right) => reasonOf(right) === undefined);
const notAllowed = lacking.filter((right) => !denied.some((one) => fits(one, right)));
const idle = [
  ...uncalled.filter((one) => !unused.some((right) => fits(one, right))),
  ...denied.filter((one) => !lacking.some((right) => fits(one, right))),
];

/** One row for the roles that have the same grant for the same reason. */
const groups = Map.groupBy(unused, (right) =>
  [`\`${right.action}\``, `\`${right.resource}\``, reasonOf(right) ?? '**not explained**'].join(' | '),
);
const rows = [...groups]
  .map(([words, rights]) => `| ${words} | ${rights.map(({ role }) => role).join(', ')} |`)
  .sort((one, other) => one.localeCompare(other, 'en'));
const roles = new Set(granted.map(({ role }) => role)).size;
const words = [
  '# Least privilege, both ways',
  '',
  '<!-- Written by `npm run privileges`; do not edit by hand. -->',
  '',
  'Every call that the suites make in the simulated region is checked against the deployed roles, and every grant of these roles',
  'against the calls. A grant is one action on one resource pattern of one role.',
  '',
  `${roles} roles, ${granted.length} grants: ${granted.length - unused.length} used, ${unused.length} never called. Calls that a role did not allow: ${notAllowed.length}, and ${lacking.length - notAllowed.length} that a scenario wanted to see refused.`,
  '',
  ...(rows.length === 0
    ? []
    : ['| action | resource | granted all the same because | roles |', '| --- | --- | --- | --- |', ...rows, '']),
];
writeFileSync(fileURLToPath(new URL('../../docs/least-privilege.md', import.meta.url)), words.join('\n'));

const say = (line: string) => void process.stdout.write(`${line}\n`);
say(words[7] ?? '');
for (const right of notAllowed) say(`NOT ALLOWED: ${textOf(right)}`);
for (const right of unexplained) say(`NEVER CALLED: ${textOf(right)}`);
for (const { role, action } of idle) say(`EXPLAINS NOTHING: ${role} ${action}`);
process.exitCode = notAllowed.length + unexplained.length + idle.length === 0 ? 0 : 1;
