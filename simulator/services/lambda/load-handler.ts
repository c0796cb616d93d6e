import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import type { FunctionSettings } from './function-settings.ts';

export type Handler = (event: unknown, context: unknown) => unknown;

type Module = Readonly<Record<string, unknown>>;

// Test runners rewrite import() to pass modules through their own transformation; a deployed bundle must run as it is,
// and so it is imported from a module that they leave alone.
const IMPORTER = 'data:text/javascript,export const load = (url) => import(url)';

async function importAsIs(url: string): Promise<Module> {
  const importer: { load(of: string): Promise<Module> } = await import(/* @vite-ignore */ IMPORTER);
  return importer.load(url);
}

const modules = new Map<string, Promise<Module>>();
let loads = 0;

function isHandler(value: unknown): value is Handler {
  return typeof value === 'function';
}

/**
 * The handler of a deployed function, from its own instance of its module: module state is a function's own. `reuseKey`
 * shares an instance loaded earlier in this process under the same key, as warm environments survive from one simulated
 * night to the next: it saves evaluating a megabyte of bundle for each of many regions.
 */
export async function loadHandler(settings: FunctionSettings, reuseKey?: string): Promise<Handler> {
  const [file, exported] = settings.handler.split('.');
  const path = ['.mjs', '.js', '.cjs'].map((extension) => join(settings.codeDirectory, `${file}${extension}`));
  const found = path.find((candidate) => existsSync(candidate));
  if (!found || !exported) throw new Error(`${settings.name}: no ${settings.handler} in ${settings.codeDirectory}`);
  loads += 1;
  const url = `${pathToFileURL(found)}?load=${loads}`;
  const loaded = (reuseKey && modules.get(reuseKey)) || importAsIs(url);
  if (reuseKey) modules.set(reuseKey, loaded);
  const handler = (await loaded)[exported];
  if (!isHandler(handler)) throw new Error(`${settings.name}: ${settings.handler} is not a function`);
  return handler;
}
