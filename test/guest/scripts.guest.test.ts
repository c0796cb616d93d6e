import { execFileSync } from 'node:child_process';
import { expect, it } from 'vitest';
import { guestScript } from '#hooks/guest-script.ts';
import { hookKinds } from '#hooks/index.ts';

const names = hookKinds.filter(({ scriptFile }) => scriptFile.endsWith('.sh')).map(({ kind }) => kind);

const scripts = [...names, 'verify', 'promote'];

it.each(scripts)('shellcheck finds nothing in the %s script', (kind) => {
  const check = () => execFileSync('shellcheck', ['-s', 'sh', '-'], { input: guestScript(kind), encoding: 'utf8' });
  expect(check).not.toThrow();
});

it.each(scripts)('dash, bash and busybox can read the %s script', (kind) => {
  for (const shell of [['dash'], ['bash'], ['busybox', 'sh']]) {
    const [file = '', ...args] = [...shell, '-n'];
    expect(() => execFileSync(file, args, { input: guestScript(kind) })).not.toThrow();
  }
});

it.each(scripts)('no function of the %s script is replaced by a shared one of the same name', (kind) => {
  const functions = [...guestScript(kind).matchAll(/^(\w+)\(\)/gm)].map(([, name]) => name);
  expect(functions.filter((name, index) => functions.indexOf(name) < index)).toEqual([]);
});
