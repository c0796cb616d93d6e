export { createEfs as create } from './efs.ts';
