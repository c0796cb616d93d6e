/** What is carried to a domain inside a VPC: requests that the provider makes, by method and path, and no others. */
import * as z from 'zod/mini';

const repositories = '/_snapshot';
/** The names that Holdfast gives (`named-snapshots.ts`), in whatever repository. */
const snapshot = `${repositories}/[A-Za-z0-9][A-Za-z0-9_-]*/holdfast-[a-z0-9-]+`;

const allowed: readonly (readonly [method: string, path: string])[] = [
  ['GET', `${repositories}(/_status)?`],
  ['GET', snapshot],
  ['PUT', snapshot],
  ['DELETE', snapshot],
  ['POST', `${snapshot}/_restore`],
  ['GET', '/_cat/snapshots/cs-[a-z]+(-[a-z]+)*'],
  ['GET', '/_cat/indices/%2A(-new-[0-9a-f]{6})?'],
  ['GET', '/_alias'],
  ['POST', '/_aliases'],
];

const isAllowed = (method: string, path: string): boolean =>
  allowed.some(([ofMethod, ofPath]) => ofMethod === method && new RegExp(`^${ofPath}$`).test(path));

export const carriedRequest = z
  .strictObject({
    host: z.string(),
    method: z.string(),
    path: z.string(),
    /** Signed by whoever asks. */
    headers: z.record(z.string(), z.string()),
    /** JSON, or nothing. */
    body: z.string(),
  })
  .check(
    z.refine(({ method, path }) => isAllowed(method, path), {
      error: 'Holdfast makes no such request of a domain.',
      path: ['path'],
    }),
  );

/**
 * `vpc-<name>-<id>.<Region>.es.amazonaws.com`, in China with `.cn`.
 * https://docs.aws.amazon.com/opensearch-service/latest/developerguide/vpc.html
 */
export const isEndpointOf = (domain: string, region: string, host: string): boolean => {
  const suffix = `.${region}.es.amazonaws.com${region.startsWith('cn-') ? '.cn' : ''}`;
  const begin = `vpc-${domain}-`;
  if (!host.startsWith(begin) || !host.endsWith(suffix)) return false;
  return /^[a-z0-9]+$/.test(host.slice(begin.length, -suffix.length));
};
