export { createEcs as create } from './ecs.ts';
