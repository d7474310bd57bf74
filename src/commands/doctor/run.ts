// Runs kapi doctor.

import { ExitCode } from '../../errors.ts';
import type { Sink } from '../../io/io.ts';
import type { Json } from '../../model/object.ts';
import { openPalette, withColours, type Palette } from '../../output/colour.ts';
import { escapeControl, escapeMessage } from '../../output/escape.ts';
import { isStructured, printStructured } from '../../output/structured.ts';
import { wrapLine } from '../../output/wrap.ts';
import type { Deps } from '../deps.ts';
import { connectionChecks } from './checks.ts';
import type { DoctorOptions } from './options.ts';
import { printRequests } from './requests.ts';
import { examine, type State, type Step } from './steps.ts';

/** Runs the checks. @returns the exit code of the first failure */
export async function runDoctor({ output }: DoctorOptions, deps: Deps): Promise<ExitCode> {
  if (deps.globals.curl) {
    await printRequests(deps);
    return ExitCode.ok;
  }
  const { out } = deps.io;
  const palette = await openPalette(out.color);
  const steps: Step[] = [];
  // Warnings of discovery are findings of the report.
  let skipped: Step[] = [];
  const printSkipped = async (): Promise<void> => {
    for (const step of together(skipped)) await printStep(step, palette, out);
    skipped = [];
  };
  for await (const found of examine(connectionChecks(deps))) {
    const { hint } = found;
    const step = hint === undefined ? found : { ...found, hint: deps.completeCommands(hint) };
    steps.push(step);
    if (isStructured(output)) continue;
    if (skipped.at(-1)?.message !== step.message) await printSkipped();
    if (step.state === 'skip') skipped.push(step);
    else await printStep(step, palette, out);
  }
  await printSkipped();
  const exitCode = steps.find(({ state }) => state === 'fail')?.exitCode ?? ExitCode.ok;
  if (isStructured(output)) {
    await printStructured(out, output, {
      ok: steps.every(({ state }) => state !== 'fail'),
      exitCode,
      steps: steps.map(asJson),
    });
  }
  return exitCode;
}

/** Joins the skipped steps: without a configuration all of them make one line. */
function together(skipped: readonly Step[]): readonly Step[] {
  const [first] = skipped;
  if (first?.name !== 'credentials' || skipped.length < 3) return skipped;
  return [
    { ...first, name: `${skipped.length} steps`, details: [skipped.map(({ name }) => name).join(', ')] },
  ];
}

const nameWidth = 16;

/** Prints a step as soon as it is finished, because a step can take as long as a time limit. */
async function printStep(
  { name, state, message, details, hint }: Step,
  palette: Palette | undefined,
  out: Sink,
): Promise<void> {
  const paint = palette === undefined ? (text: string): string => text : paintOf(state, palette);
  const indent = ' '.repeat(6 + nameWidth);
  // A hint for something that works would only distract.
  const hints = hint === undefined || state === 'ok' || state === 'skip' ? [] : hint.split('\n');
  const lines = [
    // Text of a server can have several lines.
    ...(details ?? [])
      .flatMap((text) => text.split('\n'))
      .map((line) => wrapLine(`${indent}${escapeControl(line)}`, out.columns, indent.length)),
    ...hints
      .map((line, at) => `${indent}${at === 0 ? 'hint: ' : '      '}${escapeControl(line)}`)
      .map((line) => wrapLine(line, out.columns, indent.length + 6)),
  ];
  const head = `${paint(state)}${' '.repeat(6 - state.length)}${name.padEnd(nameWidth)}`;
  const [first = '', ...others] = escapeMessage(message).split('\n');
  const text = [
    `${head}${wrapLine(first, out.columns, indent.length, indent.length)}`,
    ...others.map((line) => wrapLine(line, out.columns, indent.length)),
    ...lines,
  ];
  await out.write(withColours(palette, `${text.join('\n')}\n`));
}

function paintOf(state: State, palette: Palette): (text: string) => string {
  const paints = { ok: palette.good, warn: palette.warning, fail: palette.bad, skip: palette.faint };
  return paints[state];
}

function asJson({ name, state, message, details = [], hint, code, exitCode }: Step): Json {
  return {
    name,
    state,
    message,
    ...(details.length === 0 ? {} : { details: [...details] }),
    ...(hint === undefined ? {} : { hint }),
    ...(code === undefined ? {} : { code }),
    ...(exitCode === undefined ? {} : { exitCode }),
  };
}
