import { homedir } from "node:os";
import { isAbsolute, posix, win32 } from "node:path";

/**
 * The folder in which the processes of one user on one machine share limits: what `ROTA_LIMITS_DIR`
 * says, or the place where the system keeps the state of programs.
 */
export function locateLimits(
  environment: Readonly<Record<string, string | undefined>>,
  platform: NodeJS.Platform = process.platform,
  home: string = homedir(),
): string {
  const { ROTA_LIMITS_DIR: chosen, XDG_STATE_HOME: state, LOCALAPPDATA: local } = environment;
  if (chosen) return chosen;
  switch (platform) {
    case "win32":
      return win32.join(local || win32.join(home, "AppData", "Local"), "rota");
    case "darwin":
      return posix.join(home, "Library", "Application Support", "rota");
    default:
      // The specification has relative paths ignored:
      // https://specifications.freedesktop.org/basedir/latest/
      return posix.join(
        state && isAbsolute(state) ? state : posix.join(home, ".local", "state"),
        "rota",
      );
  }
}
