export { createSns as create } from './sns.ts';
