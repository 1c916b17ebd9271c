import type { Scenario } from "@rota/simulator";
import { secretInScenario } from "../../simulation/scenario-secret.ts";
import type { Palette } from "../../terminal/palette.ts";
import { alignColumns } from "../../text/align-columns.ts";
import { formatCount } from "../../text/format-quantity.ts";
import { quoteCommand } from "../../text/shell-command.ts";
import { printableLine, printableText } from "@rota/core";

type LimitGroup = Scenario["limitGroups"][string];

/** What is served and where, and how to point rota or another client at it. */
export function formatWelcome(scenario: Scenario, url: string, palette: Palette): string {
  const names = Object.keys(scenario.keys);
  const description =
    scenario.description === undefined ? [] : [printableLine(scenario.description)];
  const [firstSecret = "anything"] = names.map((name) => secretInScenario(scenario, name));
  return [
    `${palette.bold(`Simulator at ${url}`)}  ${palette.yellow("no model behind it; replies are made up")}`,
    ...description,
    "",
    ...formatKeys(scenario, palette),
    "",
    palette.dim("Point rota at it with this rota.keys.yml:"),
    ...formatKeyFile(scenario, url),
    palette.dim("and in the same terminal:"),
    ...names.map((name) => {
      const secret = quoteCommand([secretInScenario(scenario, name)]);
      return `  export ${nameVariable(name)}=${secret}`;
    }),
    "",
    palette.dim("Any other OpenAI client takes one of the secrets:"),
    `  export OPENAI_BASE_URL=${url} OPENAI_API_KEY=${quoteCommand([firstSecret])}`,
    "",
    palette.dim("Ctrl-C ends it."),
    "",
  ].join("\n");
}

function formatKeyFile(scenario: Scenario, url: string): string[] {
  const groups = new Set(
    Object.entries(scenario.keys).map(([name, key]) => key.limitGroup ?? name),
  );
  return [
    "  keys:",
    ...Object.entries(scenario.keys).map(([name, { limitGroup = name }]) => {
      const group = limitGroup === name ? "" : `, limitGroup: ${limitGroup}`;
      return `    ${name}: { secret: "env:${nameVariable(name)}"${group} }`;
    }),
    "  limitGroups:",
    ...[...groups].map((group) => `    ${group}: { baseUrl: "${url}" }`),
  ].map(printableText);
}

/** The variable in which a key's secret is to be found. */
function nameVariable(keyName: string): string {
  return `SIMULATED_${keyName.toUpperCase().replaceAll(/[^A-Z0-9]/g, "_")}`;
}

function formatKeys(scenario: Scenario, palette: Palette): string[] {
  const rows = Object.entries(scenario.keys).map(([name, key]) => {
    const group = key.limitGroup ?? name;
    const limits = describeLimits(scenario.limitGroups[group]);
    return [name, secretInScenario(scenario, name), group, limits].map(printableLine);
  });
  const titles = ["key", "secret", "limit group", "limits"];
  const columns = titles.map((title) => ({ title, align: "left" as const }));
  const { title, lines } = alignColumns(columns, rows);
  return [palette.dim(`  ${title}`), ...lines.map((line) => `  ${line}`)];
}

function describeLimits(group: LimitGroup | undefined): string {
  const { requestsPerMinute, tokensPerMinute, concurrency } = group ?? {};
  const parts = [
    ...(requestsPerMinute === undefined ? [] : [`${formatCount(requestsPerMinute)} requests/min`]),
    ...(tokensPerMinute === undefined ? [] : [`${formatCount(tokensPerMinute)} tokens/min`]),
    ...(concurrency === undefined ? [] : [`${formatCount(concurrency)} in flight`]),
  ];
  return parts.length === 0 ? "none" : parts.join(", ");
}
