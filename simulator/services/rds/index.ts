export { createRds as create } from './rds.ts';
