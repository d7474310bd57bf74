// The standalone program's entry. Bun compiles it and everything it imports.
import { start } from '../../src/main.ts';

// Settings of launcher.sh for this process, not for the programs that it starts.
for (const name of ['BUN_JSC_useWarmUpMarkedBlocks', 'BUN_JSC_forceRAMSize', 'MIMALLOC_PURGE_DELAY'])
  delete process.env[name];

start(process, { liveTable: () => import('../../src/tui/index.ts'), keepCode() {} }).then((mayExit) => {
  const { stdout, stderr } = process;
  // Bun waits for the keys of a terminal that kapi opened itself, also after unref() and destroy().
  const isWritten = stdout.writableLength + stderr.writableLength === 0;
  if (mayExit && stdout.isTTY && isWritten) process.exit();
});
