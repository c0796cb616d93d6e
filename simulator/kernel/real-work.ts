/**
 * Work that needs real time (an embedded engine such as dynalite, file I/O): while any is under way, virtual time stands
 * still. Never wrap something that itself waits for virtual time: that would wait for ever.
 */
let underWay = 0;

/** Runs `work` while holding virtual time still. */
export async function realWork<Result>(work: () => Promise<Result>): Promise<Result> {
  underWay += 1;
  try {
    return await work();
  } finally {
    underWay -= 1;
  }
}

/** Whether real work is under way in this process. */
export function realWorkUnderWay(): boolean {
  return underWay > 0;
}
