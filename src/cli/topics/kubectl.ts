// kapi help kubectl: the table of kubectl-words.ts for people.

import { kubectlWords, type KubectlWord } from '../kubectl-words.ts';
import type { Topic } from './topic.ts';

export const kubectl: Topic = {
  summary: "kubectl's words, and kapi's",
  text: `Whoever knows kubectl can go on typing its words. kapi has these too, with kubectl's flags:

${rows('same')}

These are translated and run; on a terminal a note says to what:

${rows('runs')}

The question stays kubectl's: auth can-i get pods/exec asks about the pod named exec, while kapi
can-i asks about the subresource, and get --raw writes the bytes of the answer. auth whoami, config
get-contexts and wait answer in kapi's own tables, and wait waits for objects that do not exist yet,
for 30 seconds unless --timeout says otherwise. Exit codes are kapi's: 1 is a no and nothing else.

What changes something is never guessed. The line ends with 2 and names the one that does it, with
what was typed in its place:

${rows('points')}

A path or a URL in the place of a command is a line of curl's, and so are curl's flags before one:
kapi /api/v1/pods and kapi -i https://SERVER/version are kapi curl.
`,
  seeAlso: ['curl', 'help exit-codes'],
};

function rows(how: KubectlWord['how']): string {
  return kubectlWords
    .filter((row) => row.how === how)
    .map((row) => `  ${nameOf(row)}  ${how === 'points' ? row.kapi : `kapi ${row.kapi}`}`)
    .join('\n');
}

/** `exec, attach, cp, debug`; of many words that are alike the first two. */
function nameOf(row: KubectlWord): string {
  const [first = '', ...others] = row.word.split('|');
  if (others.length === 0) return first;
  return others.length > 3 ? `${first}, ${others[0] ?? ''}, ...` : [first, ...others].join(', ');
}
