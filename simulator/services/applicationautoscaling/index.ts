export { createApplicationAutoScaling as create } from './applicationautoscaling.ts';
