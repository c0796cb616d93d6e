export { createRoute53 as create } from './route53.ts';
