export { createSts as create } from './sts.ts';
