/** Undefined for what is not JSON: a proxy, or a load balancer in trouble, answers in its own words, and so may anybody's script. */
export function parsedJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
