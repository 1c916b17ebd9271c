import type { Problem } from "../../vocabulary/problem.ts";

export const NO_KEY: Problem = {
  code: "no-key",
  message: "there is no API key",
  remedy: "Set OPENAI_API_KEY, or name your keys in a key file (rota.keys.yml)",
};
