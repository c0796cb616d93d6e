#!/usr/bin/env node
// Runs the command line on the project's own Node, whichever Node started this file. Plain JavaScript: it must load on Node 20.
import { spawn } from 'node:child_process';
import { existsSync } from 'node:fs';
import { fileURLToPath } from 'node:url';

const at = (path) => fileURLToPath(new URL(path, import.meta.url));
const own = at('../node_modules/node/bin/node');

if (!existsSync(own) && Number(process.versions.node.split('.')[0]) < 24) {
  console.error(`holdfast: Node 24 is not there (${own}). Run: npm ci`);
  process.exit(5);
}

const child = spawn(existsSync(own) ? own : process.execPath, [at('../cli/main.ts'), ...process.argv.slice(2)], {
  stdio: 'inherit',
});

for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP']) {
  process.on(signal, () => {
    // A terminal's Ctrl-C reaches the child by itself: it is of the same process group.
    if (signal !== 'SIGINT' || !process.stdin.isTTY) child.kill(signal);
  });
}

child.on('error', (error) => {
  console.error(`holdfast: could not start Node: ${error.message}`);
  process.exit(5);
});
child.on('exit', (code, signal) => {
  if (signal === null) process.exit(code ?? 1);
  for (const each of ['SIGINT', 'SIGTERM', 'SIGHUP']) process.removeAllListeners(each);
  process.kill(process.pid, signal);
});
