// kapi doctor: the spec.

import { contextsFlags } from '../contexts-flags.ts';
import { defineCommand } from '../spec.ts';
import { parseDoctorOptions, type DoctorOptions } from './options.ts';

export const doctorCommand = defineCommand<DoctorOptions>({
  name: 'doctor',
  summary: 'check each step of a connection, and say what to do',
  description: `Checks configuration, name resolution, TCP, TLS (chain, names, dates), credentials, authentication, authorization, clocks,
readiness of the server, and discovery. Each step is ok, a warning, or a failure with its reason and what to do. kapi skips steps
that need a failed one. Exits 0 if nothing failed, otherwise with the code of the first failure (kapi help exit-codes).`,
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
    ...contextsFlags,
  ],
  examples: [
    { text: 'Find the step that fails', command: 'kapi doctor' },
    {
      text: 'Another context, with a time limit',
      command: 'kapi doctor --context staging --request-timeout 5s',
      needs: ['staging'],
    },
    {
      text: 'The steps that are not ok, in CI',
      command: `kapi doctor -o json | jq '.steps[] | select(.state != "ok")'`,
    },
  ],
  seeAlso: ['config', 'whoami', 'help credentials'],
  parse: parseDoctorOptions,
  load: async () => (await import('./run.ts')).runDoctor,
});
