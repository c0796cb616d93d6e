export { createS3 as create } from './s3.ts';
