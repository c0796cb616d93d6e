/** Programs of the environment that python-environment.sh makes. */
import { fileURLToPath } from 'node:url';

export const linter = (program: string): string =>
  fileURLToPath(new URL(`../../node_modules/.cache/linters/bin/${program}`, import.meta.url));
