import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { expect, it } from 'vitest';
import { kindLists } from '#cli/kind-lists.ts';

const root = fileURLToPath(new URL('..', import.meta.url));

it.each(kindLists(root))('$path is as `npm run kinds` writes it', ({ path, text }) => {
  expect(readFileSync(join(root, path), 'utf8')).toBe(text);
});
