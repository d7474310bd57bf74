// Writes completions/ with the output of the built program. A unit test fails if they differ.
import { execFileSync } from 'node:child_process';
import { mkdirSync, writeFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';

const kapi = fileURLToPath(new URL('../bin/kapi.js', import.meta.url));
const directory = new URL('../completions/', import.meta.url);
const files = { bash: 'kapi.bash', zsh: '_kapi', fish: 'kapi.fish', powershell: 'kapi.ps1' };

mkdirSync(directory, { recursive: true });
for (const [shell, file] of Object.entries(files)) {
  writeFileSync(new URL(file, directory), execFileSync(process.execPath, [kapi, 'completion', shell]));
}
