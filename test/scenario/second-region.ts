/** Where the copies of scenarios go. */
export const region = 'eu-central-1';
export const keyId = 'mrk-0a1b2c3d4e5f60718293a4b5c6d7e8f9';
export const key = `arn:aws:kms:${region}:111122223333:key/${keyId}`;
export const copyTo = { region, key, retention: { days: 2, minimum: 1 } };
