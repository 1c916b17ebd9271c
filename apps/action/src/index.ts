import { createActionsRunner } from "./actions-runner.ts";
import { runAction } from "./run-action.ts";

await runAction(createActionsRunner());
