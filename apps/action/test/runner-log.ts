/** A command as the runner reads it. */
export interface RunnerCommand {
  readonly name: string;
  readonly properties: Readonly<Record<string, string>>;
  readonly data: string;
}

/** What the runner makes of what a step prints: commands that it obeys, and lines that it shows. */
export interface RunnerLog {
  readonly commands: readonly RunnerCommand[];
  readonly lines: readonly string[];
}

/** The names of actions/runner, src/Runner.Worker/ActionCommandManager.cs. */
const COMMAND_NAMES = new Set(
  (
    "add-mask add-matcher add-path debug echo endgroup error group notice remove-matcher " +
    "save-state set-env set-output stop-commands warning"
  ).split(" "),
);

/** Reads stdout by the rules of actions/runner, src/Runner.Common/ActionCommand.cs. */
export function readRunnerLog(stdout: string): RunnerLog {
  const commands: RunnerCommand[] = [];
  const lines: string[] = [];
  for (const line of stdout.split(/\r\n|\r|\n/)) {
    const command = readCommand(line);
    if (command) commands.push(command);
    else if (line !== "") lines.push(line);
  }
  return { commands, lines };
}

function readCommand(line: string): RunnerCommand | undefined {
  // .NET's comparison by culture overlooks what has no weight.
  const seen = line.replaceAll(/\p{Default_Ignorable_Code_Point}|(?!\t)\p{Cc}/gu, "").trimStart();
  return (
    parse(/^::(.*?)::(.*)$/, seen, ",", ["%0D", "%0A", "%3A", "%2C", "%25"]) ??
    parse(/##\[([^\]]*)\](.*)$/, seen, ";", ["%3B", "%0D", "%0A", "%5D", "%25"])
  );
}

function parse(
  form: RegExp,
  line: string,
  separator: string,
  escapes: readonly string[],
): RunnerCommand | undefined {
  const [, head, data] = form.exec(line) ?? [];
  if (head === undefined || data === undefined) return undefined;
  const [name = "", ...rest] = head.split(" ");
  if (!COMMAND_NAMES.has(name.toLowerCase())) return undefined;
  const pairs = rest.join(" ").trim().split(separator).filter(Boolean);
  const properties = pairs.map((pair) => {
    const [key = "", ...value] = pair.split("=");
    return [key, unescape(value.join("="), escapes)];
  });
  return { name, properties: Object.fromEntries(properties), data: unescape(data, escapes) };
}

function unescape(text: string, escapes: readonly string[]): string {
  return escapes.reduce((all, code) => all.replaceAll(code, decodeURIComponent(code)), text);
}
