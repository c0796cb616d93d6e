import { execFile, execFileSync } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import * as z from 'zod/mini';

const bundlesSchema = z.object({
  directory: z.string(),
  bundles: z.array(
    z.object({ step: z.string(), bytes: z.number(), services: z.array(z.string()), inputs: z.array(z.string()) }),
  ),
});

/** Bundled steps: `<directory>/<step>/index.mjs`. */
export type Bundles = z.infer<typeof bundlesSchema>;
/**
 * `services`: AWS services whose clients (`functions/platform/clients`) are in it: `dynamodb`, `ec2` … `inputs`: paths of all files
 * of which something is in it.
 */
export type Bundle = Bundles['bundles'][number];

/** A cold start reads and evaluates all of it. */
export const mostBytes = ({ services }: { readonly services: readonly string[] }): number =>
  services.includes('ec2') ? 1_000_000 : 120_000;

let bundled: Bundles | undefined;

/**
 * Bundles every step, once a process; in a process of its own, since esbuild takes plugins only where it may be waited for, and a
 * construct cannot wait.
 * @throws Error with what esbuild says, file and line, when a step does not build
 */
export function bundle(): Bundles {
  bundled ??= read(execFileSync(process.execPath, [script], { ...output, stdio: ['ignore', 'pipe', 'pipe'] }));
  return bundled;
}

/** As `bundle`, for who has something else to do meanwhile. */
export async function bundleMeanwhile(): Promise<Bundles> {
  const { stdout } = await promisify(execFile)(process.execPath, [script], output);
  bundled = read(stdout);
  return bundled;
}

const script = fileURLToPath(new URL('bundle-steps.ts', import.meta.url));
const output = { encoding: 'utf8', maxBuffer: 1e8 } as const;
const read = (printed: string): Bundles => bundlesSchema.parse(JSON.parse(printed));
