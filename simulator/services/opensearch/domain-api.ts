/** What a domain answers at its own address, by method and path. https://docs.opensearch.org/latest/api-reference/snapshots/ */
import { ApiError } from '../../kernel/service.ts';
import type { DomainInput } from '../../wire/domain-http.ts';
import type { Domain, Domains } from './domains.ts';
import { aliasesOf, changeAliases, listed } from './indices.ts';
import type { Restores } from './restores.ts';
import { type Snapshots, shown } from './snapshots.ts';

interface Asked {
  readonly domain: Domain;
  readonly body: unknown;
  /** What the path's pattern has named. */
  readonly parts: Readonly<Record<string, string>>;
}

interface Route {
  readonly method: 'Get' | 'Put' | 'Post' | 'Delete';
  readonly path: RegExp;
  readonly answer: (asked: Asked) => unknown;
}

const ofSnapshot = /^\/_snapshot\/(?<repository>[^/_][^/]*)\/(?<name>[^/_][^/]*)$/;

const ofRestore = new RegExp(ofSnapshot.source.replace('$', '/_restore$'));

export function createDomainApi(domains: Domains, snapshots: Snapshots, restores: Restores) {
  const routes: readonly Route[] = [
    { method: 'Get', path: /^\/_snapshot$/, answer: ({ domain }) => Object.fromEntries(domain.repositories) },
    {
      ...{ method: 'Get', path: /^\/_snapshot\/_status$/ },
      answer: ({ domain }) => ({
        snapshots: snapshots
          .running(domain)
          .map(({ name, repository, state }) => ({ snapshot: name, repository, state: stateOf(state) })),
      }),
    },
    {
      ...{ method: 'Get', path: ofSnapshot },
      answer: (asked) => ({ snapshots: [shown(snapshots.named(...placeOf(asked)))] }),
    },
    {
      ...{ method: 'Put', path: ofSnapshot },
      answer: (asked) => {
        snapshots.create(...placeOf(asked), asked.body);
        return { accepted: true };
      },
    },
    {
      ...{ method: 'Delete', path: ofSnapshot },
      answer: (asked) => {
        snapshots.remove(...placeOf(asked));
        return { acknowledged: true };
      },
    },
    {
      ...{ method: 'Post', path: ofRestore },
      answer: (asked) => {
        restores.begin(snapshots.named(...placeOf(asked)), asked.body);
        return { accepted: true };
      },
    },
    {
      ...{ method: 'Get', path: /^\/_cat\/snapshots\/(?<repository>[^/]+)$/ },
      answer: (asked) => {
        const [domain, repository] = placeOf(asked);
        return snapshots.keptIn(domain, repository);
      },
    },
    {
      ...{ method: 'Get', path: /^\/_cat\/indices\/(?<names>[^/]+)$/ },
      answer: ({ domain, parts: { names = '' } }) => listed(domain, names),
    },
    { method: 'Get', path: /^\/_alias$/, answer: ({ domain }) => aliasesOf(domain) },
    { method: 'Post', path: /^\/_aliases$/, answer: ({ domain, body }) => changeAliases(domain, body) },
  ];

  const answer = (method: Route['method'], { host, path, body }: DomainInput): unknown => {
    const domain = domains.byHost(host);
    if (domain === undefined) throw new ApiError('ResourceNotFoundException', `There is no domain at ${host}.`, 404);
    for (const route of routes) {
      const match = route.method === method ? route.path.exec(path) : null;
      if (match) return route.answer({ domain, body, parts: { ...match.groups } });
    }
    throw new ApiError('UnknownOperation', `A domain’s ${method} ${path} is not simulated.`, 501);
  };

  return {
    ESHttpGet: (input: DomainInput) => answer('Get', input),
    ESHttpPut: (input: DomainInput) => answer('Put', input),
    ESHttpPost: (input: DomainInput) => answer('Post', input),
    ESHttpDelete: (input: DomainInput) => answer('Delete', input),
  };
}

/** Of a running one other words are used than of one that has ended. */
const stateOf = (state: string): string => (state === 'IN_PROGRESS' ? 'STARTED' : state);

function placeOf({ domain, parts }: Asked): [domain: Domain, repository: string, name: string] {
  const { repository = '', name = '' } = parts;
  if (!domain.repositories.has(repository))
    throw new ApiError('repository_missing_exception', `[${repository}] missing`, 404);
  return [domain, repository, name];
}
