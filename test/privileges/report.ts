/**
 * `HOLDFAST_PRIVILEGES=<folder> npm test`, then `npm run privileges -- <folder>`: least privilege both ways, over everything that the suites noted in the folder.
 * Writes docs/least-privilege.md. Exit code 1 when a call was not allowed, when a grant is neither used nor explained, or
 * when an explanation explains nothing.
 */
import { readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { denied, type Explained, uncalled } from './explained.ts';
import { type Kind, separator } from './record.ts';

interface Right {
  readonly role: string;
  readonly action: string;
  readonly resource: string;
}

const [folder = ''] = process.argv.slice(2);
const lines = readdirSync(folder)
  .filter((name) => name.endsWith('.tsv'))
  .flatMap((name) => readFileSync(join(folder, name), 'utf8').trim().split('\n'));

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
process.exitCode = granted.length > 0 && notAllowed.length + unexplained.length + idle.length === 0 ? 0 : 1;
