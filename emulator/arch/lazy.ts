/** What `make` returns, made when it is first asked for: tables that most programs never need are not made at load. */
export function lazy<T>(make: () => T): () => T {
  let made: { readonly value: T } | null = null;
  return () => (made ??= { value: make() }).value;
}
