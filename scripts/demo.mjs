// `npm run demo`: shows kapi on a machine that has only Node. Installs and builds what is missing,
// starts the sandbox, and runs a few commands against it. On a terminal it ends in kapi explore.
import { spawn, spawnSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { join } from 'node:path';

const root = fileURLToPath(new URL('..', import.meta.url));
const kapi = join(root, 'bin/kapi.js');
/** Milliseconds for which the watch is shown. */
const watchMs = 6_000;

if (process.argv[2] === 'inside') await show();
else prepareAndStart();

function prepareAndStart() {
  if (!existsSync(join(root, 'node_modules/esbuild'))) must('npm', ['ci', '--no-audit', '--no-fund']);
  if (!existsSync(join(root, 'dist/main.cjs'))) must(process.execPath, [join(root, 'scripts/build.mjs')]);
  // The sandbox runs this file again with KUBECONFIG set, ends with it, and returns its exit code.
  const self = [process.execPath, fileURLToPath(import.meta.url), 'inside'];
  const { status } = spawnSync(process.execPath, [kapi, 'sandbox', '--lively', '--', ...self], {
    stdio: 'inherit',
  });
  process.exitCode = status ?? 1;
}

async function show() {
  run(['list', 'pods', '-n', 'default']);
  run(['whoami']);
  run(['can-i', '--list']);
  await watch(['watch', 'pods', '-A', '--no-live']);
  // A script or a CI system cannot press keys.
  const hasTerminal = process.stdin.isTTY && process.stdout.isTTY && !process.env.CI;
  if (hasTerminal) run(['explore'], '   # walk through the API; ? shows the keys, q ends it');
  process.stdout.write(
    '\nTry it yourself, in a shell with a practice server: node bin/kapi.js sandbox -- bash\n' +
      'Walk through the API: node bin/kapi.js sandbox -- node bin/kapi.js explore\n',
  );
}

function run(words, remark) {
  announce(words, remark);
  const { status } = spawnSync(process.execPath, [kapi, ...words], { stdio: 'inherit' });
  if (status !== 0) process.exitCode = status ?? 1;
}

/** Runs a watch, and interrupts it after {@link watchMs}. It then exits 130. */
function watch(words) {
  announce(words, `   # ${watchMs / 1_000} seconds of it`);
  const child = spawn(process.execPath, [kapi, ...words], { stdio: 'inherit' });
  setTimeout(() => child.kill('SIGINT'), watchMs);
  return new Promise((resolve) => {
    child.on('exit', (code) => {
      if (code !== 130) process.exitCode = code ?? 1;
      resolve();
    });
  });
}

function announce(words, remark = '') {
  process.stdout.write(`\n$ kapi ${words.join(' ')}${remark}\n`);
}

function must(command, args) {
  process.stderr.write(`demo: ${command} ${args.join(' ')}\n`);
  const { status } = spawnSync(command, args, {
    cwd: root,
    stdio: ['ignore', 2, 2],
    shell: process.platform === 'win32',
  });
  if (status !== 0) process.exit(status ?? 1);
}
