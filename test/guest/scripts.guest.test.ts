import { execFileSync } from 'node:child_process';
import { expect, it } from 'vitest';
import { doctorDocument } from '#hooks/doctor-document.ts';
import { guestScript } from '#hooks/guest-script.ts';
import { hookKinds } from '#hooks/index.ts';
import { documentOf } from './test-guest.ts';

const names = hookKinds.map(({ kind }) => kind);

const scripts = [...names, 'verify', 'promote'];
const documents = [...scripts.map((kind) => documentOf(kind)), doctorDocument()];
const texts = documents.map(({ description, mainSteps }) => [description, mainSteps[0].inputs.runCommand.join('\n')]);

it.each(texts)('shellcheck finds nothing in the script of: %s', (_, input) => {
  const check = () => execFileSync('shellcheck', ['-s', 'sh', '-'], { input, encoding: 'utf8' });
  expect(check).not.toThrow();
});

it.each(texts)('dash, bash and busybox can read the script of: %s', (_, input) => {
  for (const shell of [['dash'], ['bash'], ['busybox', 'sh']]) {
    const [file = '', ...args] = [...shell, '-n'];
    expect(() => execFileSync(file, args, { input })).not.toThrow();
  }
});

it.each(scripts)('no function of the %s script is replaced by a shared one of the same name', (kind) => {
  const functions = [...guestScript(kind).matchAll(/^(\w+)\(\)/gm)].map(([, name]) => name);
  expect(functions.filter((name, index) => functions.indexOf(name) < index)).toEqual([]);
});
