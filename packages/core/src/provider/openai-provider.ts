import type { Provider } from "../vocabulary/provider.ts";
import type {
  ChatCompletionModel,
  ProviderParts,
} from "./chat-completion/chat-completion-model.ts";
import { createTransport } from "./client/transport.ts";

/** The API of OpenAI and of the servers that speak it: chat completions, by the `openai` package. */
export function createOpenAiProvider(parts: Omit<ProviderParts, "transport">): Provider {
  const transport = createTransport();
  let model: Promise<ChatCompletionModel> | undefined;
  return {
    async send(request, key, options) {
      model ??= loadModel({ ...parts, transport });
      return (await model).send(request, key, options);
    },
    close: () => transport.close(),
  };
}

/** Loaded at the first call: the `openai` package takes a quarter of a second. */
async function loadModel(parts: ProviderParts): Promise<ChatCompletionModel> {
  const { ChatCompletionModel } = await import("./chat-completion/chat-completion-model.ts");
  return new ChatCompletionModel(parts);
}
