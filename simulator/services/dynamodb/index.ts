export { createDynamoDb as create } from './dynamodb.ts';
