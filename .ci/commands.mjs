import { posix, win32 } from "node:path";

/**
 * The environment with a folder that is searched for commands before all others. Windows separates
 * folders by semicolons, and may call the variable `Path`.
 * @param {Readonly<Record<string, string | undefined>>} environment
 * @param {string} folder
 * @param {NodeJS.Platform} platform
 */
export function prependToPath(environment, folder, platform) {
  const isWindows = platform === "win32";
  const { delimiter } = isWindows ? win32 : posix;
  const isPath = (name) => (isWindows ? name.toUpperCase() : name) === "PATH";
  const name = Object.keys(environment).find(isPath) ?? "PATH";
  const folders = [folder, environment[name]].filter(Boolean);
  return { ...environment, [name]: folders.join(delimiter) };
}

/**
 * What `spawn` takes to run a command. On Windows what npm and pnpm install are scripts (`pnpm.cmd`),
 * which only a shell finds and runs; it is given one line, as Node warns of arguments beside a shell.
 * @param {readonly string[]} words the command and its arguments
 * @param {NodeJS.Platform} platform
 * @returns {{ command: string, args: string[], shell: boolean }}
 */
export function toSpawn(words, platform) {
  const [command = "", ...args] = words;
  if (platform !== "win32") return { command, args, shell: false };
  return { command: words.map(quoteForCmd).join(" "), args: [], shell: true };
}

/** Words with a space are quoted; a quote itself, or a `%`, is in none of ours. */
function quoteForCmd(word) {
  return /[\s&|<>^()]/.test(word) ? `"${word}"` : word;
}
