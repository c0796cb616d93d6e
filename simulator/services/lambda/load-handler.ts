import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import type { FunctionSettings } from './function-settings.ts';
import { type RetryQuota, retryQuota } from './retry-quota.ts';

export type Handler = (event: unknown, context: unknown) => unknown;

type Module = Readonly<Record<string, unknown>>;

// Test runners rewrite import() to pass modules through their own transformation; a deployed bundle must run as it is,
// and so it is imported from a module that they leave alone.
const IMPORTER = 'data:text/javascript,export const load = (url) => import(url)';

async function importAsIs(url: string): Promise<Module> {
  const importer: { load(of: string): Promise<Module> } = await import(/* @vite-ignore */ IMPORTER);
  return importer.load(url);
}

/** A module, and what its AWS clients may still try again. */
interface Loaded {
  readonly module: Promise<Module>;
  readonly quota: RetryQuota;
}

export interface LoadedHandler {
  readonly handler: Handler;
  readonly quota: RetryQuota;
}

/** Those that are shared, by their keys. */
const shared = new Map<string, Loaded>();
let loads = 0;

function isHandler(value: unknown): value is Handler {
  return typeof value === 'function';
}

/**
 * The handler of a deployed function, from its own instance of its module: module state is a function's own. `reuseKey`
 * shares an instance loaded earlier in this process under the same key, as warm environments survive from one simulated
 * night to the next: it saves evaluating a megabyte of bundle for each of many regions. Failures of one region must not change how the next
 * one's are met, so a module whose retries run short is loaded anew; only then, since modules are never freed.
 */
export async function loadHandler(settings: FunctionSettings, reuseKey?: string): Promise<LoadedHandler> {
  const [file, exported] = settings.handler.split('.');
  const path = ['.mjs', '.js', '.cjs'].map((extension) => join(settings.codeDirectory, `${file}${extension}`));
  const found = path.find((candidate) => existsSync(candidate));
  if (!found || !exported) throw new Error(`${settings.name}: no ${settings.handler} in ${settings.codeDirectory}`);
  const { module, quota } = moduleAt(found, reuseKey);
  const handler = (await module)[exported];
  if (!isHandler(handler)) throw new Error(`${settings.name}: ${settings.handler} is not a function`);
  return { handler, quota };
}

function moduleAt(path: string, reuseKey: string | undefined): Loaded {
  const known = reuseKey === undefined ? undefined : shared.get(reuseKey);
  if (known !== undefined && !known.quota.isLow()) return known;
  loads += 1;
  const loaded = { module: importAsIs(`${pathToFileURL(path)}?load=${loads}`), quota: retryQuota() };
  if (reuseKey !== undefined) shared.set(reuseKey, loaded);
  return loaded;
}
