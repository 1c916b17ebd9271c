import { spawnSync } from "node:child_process";
import { mkdirSync } from "node:fs";
import { expect, onTestFinished } from "vitest";
import type { RunFolder } from "./run-folder.ts";

/** A disk of its own in a folder; gone after the test. */
export function mountDisk(folder: RunFolder, name: string, options: string): void {
  mkdirSync(folder.file(name));
  mount(["-t", "tmpfs", "-o", options, "tmpfs", folder.file(name)]);
  onTestFinished(() => void spawnSync("umount", ["-l", folder.file(name)]));
}

function mount(args: readonly string[]): void {
  expect(spawnSync("mount", args).status).toBe(0);
}

/** True for root, where it may mount. */
export function canMount(): boolean {
  const attempt =
    'd=$(mktemp -d) && mount -t tmpfs tmpfs "$d" && umount "$d"; s=$?; rmdir "$d"; exit $s';
  return process.getuid?.() === 0 && spawnSync("sh", ["-c", attempt]).status === 0;
}

/** For a disk that was full. */
export const makeRoom = (folder: RunFolder, name: string) =>
  mount(["-o", "remount,size=64m", folder.file(name)]);
