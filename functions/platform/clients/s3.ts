import { S3Client } from '@aws-sdk/client-s3';
import { lazy } from '../lazy.ts';
import { patience } from '../patience.ts';

export const s3 = lazy(() => new S3Client(patience));
