export { createKms as create } from './kms.ts';
