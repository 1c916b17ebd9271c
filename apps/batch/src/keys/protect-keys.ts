import { createSecretMask, findEnvironmentKeys, Secret } from "@rota/core";
import type { Environment, Terminal } from "../terminal/terminal.ts";

/** From now on, nothing that is printed shows these secrets. */
export function protectSecrets(terminal: Terminal, secrets: readonly Secret[]): void {
  terminal.protect(createSecretMask(secrets));
}

/** From now on, nothing that is printed shows the keys of an environment, used or not. */
export function protectEnvironment(terminal: Terminal, environment: Environment): void {
  const found = findEnvironmentKeys(environment);
  protectSecrets(
    terminal,
    found.map(({ secretText }) => new Secret(secretText)),
  );
}
