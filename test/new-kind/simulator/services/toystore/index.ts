export { createToyStores as create } from './toy-stores.ts';
