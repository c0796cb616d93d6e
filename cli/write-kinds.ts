/** `npm run kinds`: writes the lists of kinds and of simulated services anew, after a folder of one was added or taken away; then the schema. */
import { writeFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { kindLists } from './kind-lists.ts';

const root = fileURLToPath(new URL('..', import.meta.url));
for (const { path, text } of kindLists(root)) writeFileSync(new URL(path, new URL('..', import.meta.url)), text);
