const patterns = new Map<string, RegExp>();

function compile(pattern: string): RegExp {
  const escaped = pattern.replace(/[.+^${}()|[\]\\]/g, '\\$&');
  return new RegExp(`^${escaped.replaceAll('*', '.*').replaceAll('?', '.')}$`, 's');
}

/** Whether a text matches a pattern in which `*` stands for any characters and `?` for one. */
export function matchesWildcard(text: string, pattern: string): boolean {
  const compiled = patterns.get(pattern) ?? compile(pattern);
  patterns.set(pattern, compiled);
  return compiled.test(text);
}
