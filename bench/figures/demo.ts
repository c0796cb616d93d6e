/** How long a newcomer waits: the demo, from its start to its last line, on this machine. */
import { type ProcessTime, processTime } from './process-time.ts';

export const measureDemo = (): ProcessTime => processTime([process.execPath, 'demo/main.ts', '--json']);
