// Makes the manual pages: kapi(1), a page for each command as in git and kubectl (`man kapi list`),
// and the topics in section 7. Entry point: manualPages(). Pure; generate-man.mjs writes the files,
// and a test compares them with this.

import {
  topicNames,
  commandPage,
  topicPage,
  flagTerms,
  type Page,
  type Section,
} from '../../src/cli/page.ts';
import { globalFlags } from '../../src/cli/global-flags.ts';
import { parseMarkup, type Block } from '../../src/cli/markup.ts';
import { topics } from '../../src/cli/topics.ts';
import type { AnyCommand } from '../../src/commands/spec.ts';
import { roff } from './roff.ts';

export interface ManualPage {
  /** `kapi-list.1` */
  readonly file: string;
  readonly text: string;
}

const overviewText = `kapi talks to a Kubernetes API server the way people do with curl, and like kubectl, knows where your
cluster is, who you are and what the server offers. It works in a shell, inside a pod and in CI scripts, and uses the words of
kubectl and curl. Every error says what happened, where it came from and what to do next.

kapi translates kubectl commands that it does not have, or names the kapi command that does the same. A path or URL instead of
a command is a request, as with curl.`;

/**
 * Returns the pages.
 * @param commands all of them; hidden ones get no page
 */
export function manualPages(commands: readonly AnyCommand[], version: string): readonly ManualPage[] {
  const shown = commands.filter((spec) => spec.hidden !== true);
  const sectionOf = (target: string): string => {
    const name = target.replace(/^help /, '');
    return shown.some((spec) => spec.name === name) ? `kapi-${name}(1)` : `kapi-${name}(7)`;
  };
  const print = (page: Page, section: 1 | 7): ManualPage => ({
    file: `kapi-${page.name}.${section}`,
    text: roff({ ...page, name: `kapi-${page.name}` }, section, version, [
      'kapi(1)',
      ...page.seeAlso.filter((target) => target !== 'help global-flags').map(sectionOf),
    ]),
  });
  const ownPages = topicNames().filter(
    (name) => name !== 'global-flags' && !shown.some((spec) => spec.name === name),
  );
  return [
    {
      file: 'kapi.1',
      text: roff(overviewPage(shown, ownPages), 1, version, ['curl(1)', 'jq(1)', 'kubectl(1)']),
    },
    ...shown.map((spec) => print(commandPage(spec), 1)),
    ...ownPages.flatMap((name) => {
      const page = topicPage(name);
      return page === undefined ? [] : [print(page, 7)];
    }),
  ];
}

function overviewPage(commands: readonly AnyCommand[], topicsWithPages: readonly string[]): Page {
  const term = (name: string, text: string): Block => ({ kind: 'term', term: name, text, tight: true });
  const ofTopic = (name: string, heading: string): Section => ({
    heading,
    blocks: parseMarkup(topics[name]?.text ?? ''),
  });
  return {
    name: 'kapi',
    summary: 'talk to a Kubernetes API server the way people do with curl',
    usage: 'kapi COMMAND [flags]',
    sections: [
      { blocks: parseMarkup(overviewText) },
      { heading: 'Commands', blocks: commands.map((spec) => term(`kapi-${spec.name}(1)`, spec.summary)) },
      { heading: 'Options', blocks: flagTerms(globalFlags) },
      {
        heading: 'Topics',
        blocks: topicsWithPages.map((name) => term(`kapi-${name}(7)`, topics[name]?.summary ?? '')),
      },
      ofTopic('environment', 'Environment'),
      {
        heading: 'Files',
        blocks: [
          term('~/.kube/config', 'the kubeconfig, when neither --kubeconfig nor KUBECONFIG names another'),
          term(
            '~/.kube/cache/kapi',
            'what the server offers, kept for a while; --cache-dir puts it elsewhere',
          ),
          term(
            '/var/run/secrets/kubernetes.io/serviceaccount',
            'in a pod: token, authorities and namespace of the service account',
          ),
        ],
      },
      ofTopic('exit-codes', 'Exit status'),
    ],
    seeAlso: [],
  };
}
