/** The secret of a key whose scenario names none. */
export function secretForKey(name: string): string {
  return `sk-sim-${name}`;
}
