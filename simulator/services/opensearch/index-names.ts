/** Index expressions: names and patterns, those after a `-` taken away again. https://docs.opensearch.org/latest/api-reference/multi-search/ */
import { matchesWildcard } from '../../iam/wildcard.ts';

export const chosenFrom = (names: readonly string[], expression: string): readonly string[] =>
  names.filter((name) =>
    expression
      .split(',')
      .reduce(
        (isIn, part) =>
          part.startsWith('-') ? isIn && !matchesWildcard(name, part.slice(1)) : isIn || matchesWildcard(name, part),
        false,
      ),
  );
