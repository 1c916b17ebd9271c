/** Node's names for a callback that is due and for file operations under way. */
const BUSY = /^(Immediate|FS|FILEHANDLE|CloseReq)/;

/**
 * Resolves when nothing in the process goes on by itself: no callback is due, and no file is being
 * read or written. Between two timers of a simulated clock the disk thus takes no time at all, and
 * what happens does not depend on how fast it is.
 */
export async function untilAtRest(): Promise<void> {
  for (let stillTurns = 0; stillTurns < 2; stillTurns += 1) {
    await new Promise<void>((resolve) => {
      setImmediate(resolve);
    });
    if (process.getActiveResourcesInfo().some((kind) => BUSY.test(kind))) stillTurns = -1;
  }
}
