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

interface Shared {
  readonly loaded: Promise<Module>;
  /** Of its AWS calls, since it was loaded. */
  retries: number;
}

const modules = new Map<string, Shared>();
let loads = 0;

/**
 * An SDK client takes retries from a bucket (500 tokens, 5 to 10 a retry) that lives as long as its module: failures of one region must
 * not change how the next one's are met. Modules are never freed, so one is loaded anew only for that.
 * https://docs.aws.amazon.com/sdkref/latest/guide/feature-retry-behavior.html
 */
const mostRetries = 25;

/** Tells of retries in a module: one that has made too many is not shared with later regions. */
export function wearOut(reuseKey: string | undefined, retries: number): void {
  const shared = reuseKey === undefined ? undefined : modules.get(reuseKey);
  if (reuseKey === undefined || shared === undefined) return;
  shared.retries += retries;
  if (shared.retries > mostRetries) modules.delete(reuseKey);
}

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
  const handler = (await moduleAt(found, reuseKey))[exported];
  if (!isHandler(handler)) throw new Error(`${settings.name}: ${settings.handler} is not a function`);
  return handler;
}

function moduleAt(path: string, reuseKey: string | undefined): Promise<Module> {
  const shared = reuseKey === undefined ? undefined : modules.get(reuseKey);
  if (shared !== undefined) return shared.loaded;
  loads += 1;
  const loaded = importAsIs(`${pathToFileURL(path)}?load=${loads}`);
  if (reuseKey !== undefined) modules.set(reuseKey, { loaded, retries: 0 });
  return loaded;
}
