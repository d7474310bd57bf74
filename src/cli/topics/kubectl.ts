// kapi help kubectl: the table of kubectl-words.ts.

import { kubectlWords, type KubectlWord } from '../kubectl-words.ts';
import type { Topic } from './topic.ts';

export const kubectl: Topic = {
  summary: "kubectl's commands in kapi",
  text: `You can keep typing kubectl's commands. These exist in kapi, too, with kubectl's flags:

${rows('same')}

kapi translates and runs these. On a terminal, a note shows the kapi command:

${rows('runs')}

A translated command keeps kubectl's meaning. auth can-i get pods/exec checks the pod named exec, while
kapi can-i get pods/exec checks the subresource. get --raw writes the bytes of the response. auth whoami,
config get-contexts and wait print kapi's tables. wait also waits for objects that do not exist yet, 30 seconds
by default. Exit codes are kapi's: 1 is a negative answer and nothing else.

Repeated flags. -l and --field-selector are joined; --until, can-i -f and the filters of kapi proxy add up;
for -n, -o, --context and switches the last one counts. For other flags, a second value is an error.

kapi never runs kubectl's commands that change something. It exits 2 and prints the equivalent kapi command with
your arguments:

${rows('points')}

A path or URL instead of a command runs kapi curl, also with curl's flags before it: kapi /api/v1/pods
and kapi -i https://SERVER/version.
`,
  seeAlso: ['curl', 'help exit-codes'],
};

function rows(how: KubectlWord['how']): string {
  return kubectlWords
    .filter((row) => row.how === how)
    .map((row) => `  ${nameOf(row)}  ${how === 'points' ? row.kapi : `kapi ${row.kapi}`}`)
    .join('\n');
}

/** Returns `exec, attach, cp, debug`. Of many equivalent words returns the first two. */
function nameOf(row: KubectlWord): string {
  const [first = '', ...others] = row.word.split('|');
  if (others.length === 0) return first;
  return others.length > 3 ? `${first}, ${others[0] ?? ''}, ...` : [first, ...others].join(', ');
}
