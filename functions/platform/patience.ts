/** For the SDK's clients, which wait for ever for a connection that died: better asked again than a function that runs out of its time. */
export const patience = {
  requestHandler: {
    connectionTimeout: 3000,
    requestTimeout: 10_000,
    socketTimeout: 10_000,
    throwOnRequestTimeout: true,
  },
} as const;
