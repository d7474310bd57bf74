// kapi doctor: the spec.

import { defineCommand } from '../spec.ts';
import { parseDoctorOptions, type DoctorOptions } from './options.ts';

export const doctorCommand = defineCommand<DoctorOptions>({
  name: 'doctor',
  summary: 'check what a connection needs, and say what to do',
  description: `Checks configuration, name resolution, TCP, TLS (chain, names, dates), credentials, authentication, authorization, the clocks,
the server's readiness and discovery. Each step is ok, a warning or a failure with its reason and what to do; steps that need a failed
one are skipped. Exits 0 when nothing failed, otherwise with the code of the first failure (kapi help exit-codes).`,
  group: 'identity',
  arguments: [],
  flags: [
    {
      name: 'output',
      short: 'o',
      value: 'FORMAT',
      repeated: 'last',
      description: 'text, json or yaml',
      default: 'text',
      choices: ['text', 'json', 'yaml'],
    },
  ],
  examples: [
    { text: 'Why nothing works', command: 'kapi doctor' },
    {
      text: 'Another context, with a time limit',
      command: 'kapi doctor --context staging --request-timeout 5s',
      needs: ['staging'],
    },
    {
      text: 'In CI, the steps that are not ok',
      command: `kapi doctor -o json | jq '.steps[] | select(.state != "ok")'`,
    },
  ],
  seeAlso: ['config', 'whoami', 'help credentials'],
  parse: parseDoctorOptions,
  load: async () => (await import('./run.ts')).runDoctor,
});
