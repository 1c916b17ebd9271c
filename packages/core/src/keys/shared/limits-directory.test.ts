import { expect, test } from "vitest";
import { locateLimits } from "./limits-directory.ts";

test("limits are shared where each system keeps the state of programs", () => {
  expect(locateLimits({}, "linux", "/home/ada")).toBe("/home/ada/.local/state/rota");
  expect(locateLimits({}, "darwin", "/Users/ada")).toBe(
    "/Users/ada/Library/Application Support/rota",
  );
  expect(locateLimits({}, "win32", "C:\\Users\\ada")).toBe("C:\\Users\\ada\\AppData\\Local\\rota");
  const environment = { LOCALAPPDATA: "D:\\Local" };
  expect(locateLimits(environment, "win32", "C:\\Users\\ada")).toBe("D:\\Local\\rota");
});

test("XDG_STATE_HOME is followed when it is an absolute path", () => {
  expect(locateLimits({ XDG_STATE_HOME: "/state" }, "linux", "/home/ada")).toBe("/state/rota");
  for (const ignored of ["state", ""]) {
    expect(locateLimits({ XDG_STATE_HOME: ignored }, "linux", "/home/ada")).toBe(
      "/home/ada/.local/state/rota",
    );
  }
});

test("ROTA_LIMITS_DIR goes before everything", () => {
  const environment = { ROTA_LIMITS_DIR: "/tmp/limits", XDG_STATE_HOME: "/state" };
  expect(locateLimits(environment, "linux", "/home/ada")).toBe("/tmp/limits");
});
