/** Indices from a snapshot: all of them there at once, red, and whole after a while. https://docs.opensearch.org/latest/api-reference/snapshots/restore-snapshot/ */
import { ApiError, type Kernel } from '../../kernel/service.ts';
import { chosenFrom } from './index-names.ts';
import type { Snapshot } from './snapshots.ts';

interface Asked {
  readonly indices?: string;
  readonly include_aliases?: boolean;
  readonly rename_pattern?: string;
  readonly rename_replacement?: string;
}

export type Restores = ReturnType<typeof createRestores>;

export function createRestores({ clock }: Kernel, restoreMs: number) {
  let isNever = false;

  const refuse = ({ repository, name, state, domain }: Snapshot, targets: readonly string[]): void => {
    const at = `[${repository}:${name}]`;
    const refusal = (reason: string) => new ApiError('snapshot_restore_exception', `${at} ${reason}`, 500);
    if (state !== 'SUCCESS' && state !== 'PARTIAL') throw refusal(`unsupported snapshot state [${state}]`);
    if (domain.settings.ClusterConfig?.MultiAZWithStandbyEnabled) throw refusal('not into a domain with standby');
    const taken = targets.find((target) => domain.indices.has(target));
    if (taken === undefined) return;
    throw refusal(`cannot restore index [${taken}] because an open index with same name already exists in the cluster`);
  };

  const begin = (snapshot: Snapshot, body: unknown): void => {
    const { indices = '*', include_aliases = true, ...rename }: Asked = Object(body);
    const names = chosenFrom([...snapshot.indices.keys()], indices);
    const targets = names.map((name) => renamed(name, rename));
    refuse(snapshot, targets);
    const isForEver = isNever;
    isNever = false;
    for (const [at, name] of names.entries()) {
      const { documents = [], aliases = [] } = snapshot.indices.get(name) ?? {};
      const index = {
        documents: [...documents],
        aliases: new Set(include_aliases ? aliases : []),
        health: 'red' as const,
      };
      snapshot.domain.indices.set(targets[at] ?? name, index);
      if (!isForEver) clock.at(clock.nowMs() + restoreMs, () => void Object.assign(index, { health: 'green' }));
    }
  };

  return {
    begin,
    nextNeverEnds: () => {
      isNever = true;
    },
  };
}

const renamed = (name: string, { rename_pattern: pattern, rename_replacement: replacement }: Asked): string =>
  pattern === undefined || replacement === undefined ? name : name.replace(new RegExp(pattern), replacement);
