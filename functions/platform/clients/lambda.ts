import { LambdaClient } from '@aws-sdk/client-lambda';
import { lazy } from '../lazy.ts';

export const lambda = lazy(() => new LambdaClient({}));
