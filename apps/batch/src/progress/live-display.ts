import type { RunEvent } from "@rota/core";
import type { Terminal } from "../terminal/terminal.ts";
import { textWidth } from "../text/text-width.ts";
import { describeEvent } from "./describe-event.ts";
import { paintProgress } from "./paint-progress.ts";
import type { DisplaySource, ProgressDisplay } from "./progress-display.ts";

/** Ten pictures a second look alive and cost nothing. */
const REPAINT_EVERY_MS = 100;

const HIDE_CURSOR = "\u001b[?25l";
const SHOW_CURSOR = "\u001b[?25h";
/** Between these two a terminal that knows them shows nothing half-painted. */
const BEGIN_FRAME = "\u001b[?2026h";
const END_FRAME = "\u001b[?2026l";
const CLEAR_LINE = "\u001b[K";

/**
 * A block of lines at the end of the screen that is painted over in place.
 *
 * - open: the cursor is hidden and stands on the line below the block; a timer repaints.
 * - closed (by `close`, or when the process ends): the block is gone, the cursor is back.
 */
export class LiveDisplay implements ProgressDisplay {
  readonly #source: DisplaySource;
  readonly #terminal: Terminal;
  readonly #timer: NodeJS.Timeout;
  readonly #forgetExit: () => void;
  /** The block as it stands on the screen. */
  #painted: readonly string[] = [];
  #isOpen = true;

  constructor(source: DisplaySource, terminal: Terminal) {
    this.#source = source;
    this.#terminal = terminal;
    this.#forgetExit = terminal.onExit(() => this.close());
    terminal.stderr.write(HIDE_CURSOR);
    this.#timer = setInterval(() => this.#paint([]), REPAINT_EVERY_MS);
    this.#timer.unref();
    this.#paint([]);
  }

  handle(event: RunEvent): void {
    // The block shows the start, and the summary right after it the outputs.
    if (event.kind === "run-started" || event.kind === "outputs-written") return;
    const text = describeEvent(event);
    if (text !== undefined) this.note(text);
  }

  note(text: string): void {
    this.#paint([text]);
  }

  close(): void {
    if (!this.#isOpen) return;
    this.#isOpen = false;
    clearInterval(this.#timer);
    this.#forgetExit();
    this.#terminal.stderr.write(this.#erase() + SHOW_CURSOR);
    this.#painted = [];
  }

  /** Writes notes in place of the block, and the block anew below them. */
  #paint(notes: readonly string[]): void {
    if (!this.#isOpen) return;
    const { stderr } = this.#terminal;
    const { title, simulated, tracker, keys } = this.#source;
    const erase = this.#erase();
    this.#painted = paintProgress(
      { title, simulated, progress: tracker.read(), keys: keys() },
      { ...stderr.size(), palette: stderr.palette },
    );
    const lines = [...notes, ...this.#painted].map((line) => `${line}\n`);
    stderr.write(BEGIN_FRAME + erase + lines.join("") + END_FRAME);
  }

  /**
   * Clears the block and goes to where it began. Line by line: what is cleared at once from the
   * top of the screen, tmux copies into its history, ten times a second.
   */
  #erase(): string {
    const { columns } = this.#terminal.stderr.size();
    // A window made narrower has wrapped lines of the block: they are higher than they were.
    const heights = this.#painted.map((line) => Math.max(1, Math.ceil(textWidth(line) / columns)));
    const height = heights.reduce((sum, lineHeight) => sum + lineHeight, 0);
    if (height === 0) return "";
    const goUp = `\u001b[${height}A`;
    return `\r${goUp}${`${CLEAR_LINE}\n`.repeat(height)}${goUp}`;
  }
}
