export { createMemoryDb as create } from './memorydb.ts';
