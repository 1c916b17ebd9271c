import { spawnSync } from "node:child_process";
import { expect, test } from "vitest";
import { prependToPath, toSpawn } from "./commands.mjs";

test("a folder comes first among those that are searched for commands", () => {
  const environment = { PATH: "/usr/bin:/bin", HOME: "/home/me" };
  expect(prependToPath(environment, "/repo/bin", "linux")).toEqual({
    PATH: "/repo/bin:/usr/bin:/bin",
    HOME: "/home/me",
  });
});

test("Windows separates folders by semicolons, and keeps its name for the variable", () => {
  const environment = { Path: String.raw`C:\Windows;C:\nodejs` };
  expect(prependToPath(environment, String.raw`D:\repo\bin`, "win32")).toEqual({
    Path: String.raw`D:\repo\bin;C:\Windows;C:\nodejs`,
  });
});

test("an environment without a path gets one", () => {
  expect(prependToPath({}, "/repo/bin", "linux")).toEqual({ PATH: "/repo/bin" });
});

test("a command is started without a shell, so that its arguments arrive as they are", () => {
  const { command, args, shell } = toSpawn([process.execPath, "-p", '"a b" + " $HOME"'], "linux");
  expect(spawnSync(command, args, { shell, encoding: "utf8" }).stdout).toBe("a b $HOME\n");
});

test("Windows is given one line for its shell, which finds pnpm.cmd for pnpm", () => {
  const words = ["pnpm", "install", "--frozen-lockfile", String.raw`C:\my files\store`];
  expect(toSpawn(words, "win32")).toEqual({
    command: String.raw`pnpm install --frozen-lockfile "C:\my files\store"`,
    args: [],
    shell: true,
  });
});
