export { createOpenSearch as create } from './opensearch.ts';
