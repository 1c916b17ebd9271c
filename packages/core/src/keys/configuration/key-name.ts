/**
 * Names of keys and limit groups appear in logs, tables and file formats: plain and short. `sk-`
 * begins a secret that someone put in the place of a name.
 */
export const KEY_NAME = /^(?!sk-)[A-Za-z0-9][A-Za-z0-9._-]{0,63}$/;

/** What is said of another name. The name is not repeated: it may be a secret in the wrong place. */
export const WRONG_KEY_NAME = {
  message: "this cannot be the name of a key or limit group",
  remedy: 'Use up to 64 letters, digits, ".", "_" and "-"; begin with a letter or digit',
} as const;
