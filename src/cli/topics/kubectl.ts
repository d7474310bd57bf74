// kapi help kubectl: the table of kubectl-words.ts for people.

import { kubectlWords, type KubectlWord } from '../kubectl-words.ts';
import type { Topic } from '../topics.ts';

export const kubectl: Topic = {
  summary: "kubectl's words, and kapi's",
  text: `Whoever knows kubectl can go on typing its words. What kapi has too is understood, flags included:

${rows('same')}
${rows('runs')}

A line of the second kind is translated and run; on a terminal a note says to what. The answer is
kubectl's, with exit codes of kapi: 1 is a no and nothing else. auth can-i get pods/exec asks about
the pod named exec there, as with kubectl, while kapi can-i asks about the subresource. get --raw
writes the bytes of the answer. wait also waits for objects that do not exist yet, for 30 seconds
unless --timeout says otherwise.

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
    .map(({ word, kapi }) => `  ${word}  ${how === 'points' ? kapi : `kapi ${kapi}`}`)
    .join('\n');
}
