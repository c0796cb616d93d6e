/** Makes a value once, at its first use: a function pays only for the clients that it calls, and for the schemas of the replies that it gets. */
export function lazy<T>(make: () => T): () => T {
  let made: { readonly value: T } | undefined;
  return () => {
    made ??= { value: make() };
    return made.value;
  };
}
