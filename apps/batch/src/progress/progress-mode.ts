/** `auto` repaints on a terminal and writes plain lines elsewhere. */
export const PROGRESS_MODES = ["auto", "plain", "none"] as const;
export type ProgressMode = (typeof PROGRESS_MODES)[number];
