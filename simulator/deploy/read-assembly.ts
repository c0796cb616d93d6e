import {
  copyFileSync,
  linkSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  realpathSync,
  rmSync,
  statSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { basename, join, resolve as resolvePath } from 'node:path';
import { checkTemplate } from './quotas.ts';
import { isObject, type Json } from './resolve.ts';

/** One stack of a synthesized CDK app. */
export interface Assembly {
  readonly template: Json;
  /** The folder of the file asset with this S3 object key. Throws when there is none. */
  assetDirectory(objectKey: string): string;
}

function readJson(path: string): Json {
  return parsed(path, readFileSync(path, 'utf8'));
}

function parsed(path: string, text: string): Json {
  const value: unknown = JSON.parse(text);
  if (!isObject(value)) throw new Error(`${path} is not an object`);
  return value;
}

function objectKeys(file: Json): readonly string[] {
  const destinations = isObject(file.destinations) ? Object.values(file.destinations) : [];
  return destinations.filter(isObject).map((destination) => String(destination.objectKey));
}

function assetFolders(cdkOut: string, manifest: Json): ReadonlyMap<string, string> {
  const files = isObject(manifest.files) ? Object.values(manifest.files).filter(isObject) : [];
  const folders = files.flatMap((file) => {
    const path = isObject(file.source) ? String(file.source.path) : '';
    return objectKeys(file).map((key): [string, string] => [key, resolvePath(cdkOut, path)]);
  });
  return new Map(folders);
}

const uploads = new Map<string, string>();
let bucket: string | undefined;

/** As an upload would: what is deployed outlives `cdk.out`. Asset folders are named after their content: once a process each. */
function upload(folder: string): string {
  const name = basename(folder);
  const known = uploads.get(name);
  if (known) return known;
  if (bucket === undefined) {
    const made = mkdtempSync(join(tmpdir(), 'simulated-assets-'));
    process.once('exit', () => rmSync(made, { recursive: true, force: true }));
    bucket = made;
  }
  const copy = join(bucket, name);
  copyTree(folder, copy);
  uploads.set(name, copy);
  return copy;
}

function copyTree(from: string, to: string): void {
  mkdirSync(to, { recursive: true });
  for (const name of readdirSync(from)) {
    const [source, target] = [join(from, name), join(to, name)];
    if (statSync(source).isDirectory()) copyTree(source, target);
    else linkOrCopy(source, target);
  }
}

/** Linked where the file system can: many policies in one process would else be gigabytes. */
function linkOrCopy(source: string, target: string): void {
  try {
    linkSync(realpathSync(source), target);
  } catch {
    copyFileSync(source, target);
  }
}

function readTemplate(path: string): Json {
  const text = readFileSync(path, 'utf8');
  const template = parsed(path, text);
  checkTemplate(template, Buffer.byteLength(text));
  return template;
}

/**
 * Reads a stack's template and asset manifest from a `cdk.out` folder. Assets must be folders (or single files).
 * @throws Error for a template that CloudFormation would not take
 */
export function readAssembly(cdkOut: string, stackName: string): Assembly {
  const template = readTemplate(join(cdkOut, `${stackName}.template.json`));
  const folders = assetFolders(cdkOut, readJson(join(cdkOut, `${stackName}.assets.json`)));
  return {
    template,
    assetDirectory(objectKey) {
      const folder = folders.get(objectKey);
      if (!folder) throw new Error(`no asset ${objectKey} in ${cdkOut}`);
      return upload(folder);
    },
  };
}
