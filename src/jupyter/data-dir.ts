import { homedir } from "node:os";
import { join } from "node:path";

/**
 * The folder in which Jupyter looks for a user's own kernels, as jupyter_core's `jupyter_data_dir` finds it.
 *
 * @param env the environment's variables
 * @param platform as `process.platform`
 * @param home the user's home folder
 */
export function jupyterDataDir(
  env: NodeJS.ProcessEnv = process.env,
  platform: NodeJS.Platform = process.platform,
  home: string = homedir(),
): string {
  if (env.JUPYTER_DATA_DIR) return env.JUPYTER_DATA_DIR;
  if (platform === "darwin") return join(home, "Library", "Jupyter");
  if (platform === "win32") return join(env.APPDATA ?? join(home, "AppData", "Roaming"), "jupyter");
  return join(env.XDG_DATA_HOME || join(home, ".local", "share"), "jupyter");
}
