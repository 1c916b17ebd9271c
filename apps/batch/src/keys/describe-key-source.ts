import { findEnvironmentKeys } from "@rota/core";
import type { Environment } from "../terminal/terminal.ts";

/** Where real keys come from, in people's words: the key file, else the first variable that has one. */
export function describeKeySource(
  keyFile: string | undefined,
  environment: Environment,
): string | undefined {
  return keyFile ?? findEnvironmentKeys(environment)[0]?.variable;
}
