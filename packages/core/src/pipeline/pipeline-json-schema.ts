import { z } from "zod";
import { pipelineSchema } from "./schema.ts";

/** The schema of a pipeline file for editors, as a JSON Schema of draft 2020-12. */
export function pipelineJsonSchema(): object {
  return { title: "Rota pipeline", ...z.toJSONSchema(pipelineSchema, { io: "input" }) };
}
