import { expect, test } from 'vitest';
import { confirm } from './confirm.ts';
import { scriptedTerminal } from './scripted-terminal.ts';

test('the workload’s own name confirms', async () => {
  await expect(confirm(scriptedTerminal('orders-db'), 'orders-db', 'It goes down.')).resolves.toBeUndefined();
});

test.each(['y', 'yes', 'orders', 'appliance', '', undefined])('%j does not', async (answer) => {
  await expect(confirm(scriptedTerminal(answer), 'orders-db', 'It goes down.')).rejects.toMatchObject({
    exitCode: 3,
    safe: 'Nothing was changed.',
  });
});
