import { execFileSync } from "node:child_process";
import {
  cpSync,
  existsSync,
  lstatSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  realpathSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { join, relative, sep } from "node:path";
import { fileURLToPath } from "node:url";
import type { Defect } from "./defects.ts";

const REPOSITORY = fileURLToPath(new URL("../../../../", import.meta.url));

/**
 * The repository as it stands, what is not committed too, in a temporary folder. Its libraries are
 * links to the installed ones, and its own packages are linked among themselves.
 */
export class WorkingCopy implements Disposable {
  readonly root = realpathSync(mkdtempSync(join(tmpdir(), "rota-defects-")));

  constructor() {
    const listed = execFileSync("git", ["ls-files", "-co", "--exclude-standard", "-z"], {
      cwd: REPOSITORY,
      encoding: "utf8",
    });
    for (const file of listed.split("\0")) {
      const source = join(REPOSITORY, file);
      if (file !== "" && existsSync(source)) cpSync(source, join(this.root, file));
    }
    for (const folder of ["", ...listPackages()]) this.#linkLibraries(join(folder, "node_modules"));
  }

  /**
   * Puts a defect in place.
   * @returns takes it out again
   * @throws Error when its text is not there exactly once
   */
  break({ name, file, search, replace }: Defect): () => void {
    const path = join(this.root, file);
    const text = readFileSync(path, "utf8");
    const count = text.split(search).length - 1;
    if (count !== 1) {
      throw new Error(`"${name}": its text stands ${count} times in ${file}, not once: ${search}`);
    }
    writeFileSync(
      path,
      text.replace(search, () => replace),
    );
    return () => writeFileSync(path, text);
  }

  [Symbol.dispose](): void {
    rmSync(this.root, { recursive: true });
  }

  #linkLibraries(folder: string): void {
    const from = join(REPOSITORY, folder);
    if (!existsSync(from)) return;
    mkdirSync(join(this.root, folder), { recursive: true });
    for (const name of readdirSync(from)) {
      if (name.startsWith("@") && !lstatSync(join(from, name)).isSymbolicLink()) {
        this.#linkLibraries(join(folder, name));
      } else if (!name.startsWith(".v")) {
        symlinkSync(this.#findTarget(join(from, name)), join(this.root, folder, name));
      }
    }
  }

  /** Libraries stay where they are installed; a package of the repository is the one of the copy. */
  #findTarget(link: string): string {
    const target = realpathSync(link);
    const inside = relative(REPOSITORY, target);
    const isOurs = !inside.startsWith("..") && !inside.split(sep).includes("node_modules");
    return isOurs ? join(this.root, inside) : target;
  }
}

function listPackages(): string[] {
  return ["packages", "apps"].flatMap((folder) =>
    readdirSync(join(REPOSITORY, folder)).map((name) => join(folder, name)),
  );
}

/** Text of a file of the repository, as it stands. */
export function readSource(file: string): string {
  return readFileSync(join(REPOSITORY, file), "utf8");
}
