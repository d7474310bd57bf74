// Runs kapi curl: writes the response as it arrives, and reports errors at the end.

import { promises } from 'node:fs';
import { errorOfResponse } from '../../api/status.ts';
import {
  ExitCode,
  Interrupted,
  KapiError,
  LocalError,
  NotSent,
  UsageError,
  localError,
} from '../../errors.ts';
import type { Sink } from '../../io/io.ts';
import type { ApiResponse, RequestSpec } from '../../model/request.ts';
import { suggested } from '../../model/suggestion.ts';
import { escapeControl } from '../../output/escape.ts';
import type { Deps } from '../deps.ts';
import { refuseWrite, findOtherServer } from '../sandbox-guard.ts';
import { isJsonAnswer, showBody } from '../show-body.ts';
import { readFileOrStdin } from '../read-file.ts';
import type { CurlOptions } from './options.ts';
import { buildRequest } from './request.ts';
import { openTransfer } from './transfer.ts';
import { formatWriteOut, parseWriteOut, type TransferFacts, type WriteOutFormat } from './write-out.ts';
import { describePath } from '../../model/path-value.ts';

const readingMethods = new Set(['GET', 'HEAD', 'OPTIONS']);

/** Max bytes of an error body that are used for the message. */
const maxErrorBodyBytes = 256 * 1024;

/** The progress of the transfer, for -w. */
interface Progress {
  request: RequestSpec | undefined;
  response: ApiResponse | undefined;
  downloadedBytes: number;
  uploadedBytes: number;
  fileName: string;
}

/**
 * Sends the request.
 * @throws UsageError before anything is sent; LocalError for a file that cannot be read or written;
 *   RefusedError, ServerError for a status of 400 and higher; ConnectionError. With -s these become
 *   an exit code without a message.
 */
export async function runCurl(options: CurlOptions, deps: Deps): Promise<ExitCode | void> {
  // There is nothing to show with --curl, which prints the command instead.
  const viewing = options.view && !deps.globals.curl ? await openView(options, deps) : undefined;
  const writeOut = await readWriteOut(options, deps);
  const make = await buildRequest(options, deps);
  if (!options.quiet) await noteUnusedAuthorities(deps);
  const stray = await findOtherServer(deps, options.notTheSandbox);
  const send = await deps.send();
  const progress: Progress = {
    request: undefined,
    response: undefined,
    downloadedBytes: 0,
    uploadedBytes: 0,
    fileName: '',
  };
  const begun = deps.clock();
  const transfer = openTransfer(
    () => {
      progress.uploadedBytes = 0;
      const request = make();
      if (!readingMethods.has(request.method)) refuseWrite(`${request.method} ${request.path}`, stray);
      if (viewing !== undefined && request.streaming === true) {
        throw new UsageError(`${request.path} is a stream, and --view needs an answer that ends`, {
          code: 'ConflictingFlags',
        });
      }
      return (progress.request = countUpload(request, progress));
    },
    options,
    { send, signal: deps.signal, sleep: deps.sleep, warn: options.quiet ? () => undefined : deps.warn },
  );
  let failure: KapiError | undefined;
  try {
    const response = await transfer.open();
    progress.response = response;
    try {
      const isShown = viewing !== undefined && response.status < 400;
      failure = await deliver(response, options, progress, isShown ? viewing.deps : deps);
      if (isShown) await viewing.show(response, progress.request);
    } catch (thrown) {
      response.cancel();
      throw thrown;
    }
  } catch (thrown) {
    const isTransfer =
      thrown instanceof KapiError &&
      !(thrown instanceof NotSent || thrown instanceof UsageError || thrown instanceof LocalError);
    if (!isTransfer || thrown instanceof Interrupted) throw thrown;
    failure = thrown;
  } finally {
    transfer.end();
  }
  if (writeOut !== undefined) {
    const facts = await factsOf(progress, deps.clock() - begun, transfer.retries(), failure, deps);
    for (const { to, text } of formatWriteOut(writeOut, facts)) {
      await (to === 'stdout' ? deps.io.out : deps.io.err).write(text);
    }
  }
  if (failure === undefined) return ExitCode.ok;
  if (options.quiet) return failure.exitCode;
  throw failure;
}

/** Where the body is kept until it is shown. @throws UsageError without a terminal */
async function openView(
  options: CurlOptions,
  deps: Deps,
): Promise<{
  readonly deps: Deps;
  readonly show: (response: ApiResponse, request: RequestSpec | undefined) => Promise<void>;
}> {
  const { collected, openViewer } = await import('../view.ts');
  const viewer = await openViewer(deps, suggested('curl', options.target));
  const { sink, text } = collected();
  const isPlainGet =
    (options.method ?? 'GET') === 'GET' &&
    options.data.length === 0 &&
    options.upload === undefined &&
    options.headerLines.length === 0 &&
    options.userAgent === undefined &&
    options.basicUser === undefined;
  return {
    deps: { ...deps, io: { ...deps.io, out: sink } },
    async show({ headers }, request) {
      const { method = 'GET', path = options.target } = request ?? {};
      await viewer.show(
        isPlainGet ? { kind: 'path', path } : { kind: 'document', name: `${method} ${path}` },
        text(),
        (headers['content-type'] ?? '').includes('yaml') ? 'any' : 'json',
      );
    },
  };
}

/** Reports authorities that -k makes unused, because -k wins as in curl. */
async function noteUnusedAuthorities(deps: Deps): Promise<void> {
  const { unusedCa } = await deps.config();
  if (unusedCa === undefined) return;
  deps.warn(
    `note: -k: the server's certificate is not checked, the authorities from ${unusedCa.text} are not used`,
  );
}

async function readWriteOut({ writeOut }: CurlOptions, deps: Deps): Promise<WriteOutFormat | undefined> {
  if (writeOut === undefined) return undefined;
  if (!writeOut.startsWith('@')) return parseWriteOut(writeOut);
  return parseWriteOut(Buffer.from(await readFileOrStdin(writeOut.slice(1), deps.io.in)).toString('utf8'));
}

/** Counts the bytes of a streamed request body. */
function countUpload(request: RequestSpec, progress: Progress): RequestSpec {
  const { body } = request;
  if (body === undefined) return request;
  if (typeof body === 'string' || body instanceof Uint8Array) {
    progress.uploadedBytes = Buffer.byteLength(body);
    return request;
  }
  async function* counted(chunks: AsyncIterable<Uint8Array>): AsyncGenerator<Uint8Array> {
    for await (const chunk of chunks) {
      progress.uploadedBytes += chunk.byteLength;
      yield chunk;
    }
  }
  return { ...request, body: counted(body) };
}

/**
 * Writes headers and body to their destinations.
 * @returns the error of the response
 */
async function deliver(
  response: ApiResponse,
  options: CurlOptions,
  progress: Progress,
  deps: Deps,
): Promise<KapiError | undefined> {
  const { request } = progress;
  const isError = response.status >= 400;
  const kept: Uint8Array[] = [];
  let keptBytes = 0;
  async function* body(): AsyncGenerator<Uint8Array> {
    for await (const chunk of response.body) {
      progress.downloadedBytes += chunk.byteLength;
      if (isError && keptBytes < maxErrorBodyBytes) {
        // A chunk is only valid until the next one.
        kept.push(Uint8Array.from(chunk));
        keptBytes += chunk.byteLength;
      }
      yield chunk;
    }
  }
  if (options.dumpHeader !== undefined) await dumpHeaders(options.dumpHeader, response, deps);
  const showsHeaders = options.include || options.head;
  if (isError && options.failFast) {
    if (showsHeaders) await writeHeaders(deps.io.out, response);
    for await (const chunk of body()) if (chunk.byteLength > 0 && keptBytes >= maxErrorBodyBytes) break;
    response.cancel();
  } else if (options.output.kind === 'stdout' || options.output.kind === 'bytes') {
    if (showsHeaders) await writeHeaders(deps.io.out, response);
    await writeToStdout(body(), response, options, progress, deps.io.out);
  } else {
    progress.fileName =
      options.output.kind === 'file' ? options.output.path : remoteName(request?.path ?? '');
    await writeToFile(progress.fileName, showsHeaders ? headerText(response) : '', body());
  }
  if (!isError || request === undefined) return undefined;
  return errorOfResponse(request, response, Buffer.concat(kept).toString('utf8'));
}

async function writeToStdout(
  body: AsyncIterable<Uint8Array>,
  response: ApiResponse,
  options: CurlOptions,
  progress: Progress,
  out: Sink,
): Promise<void> {
  if (options.output.kind === 'stdout' && out.isTTY) {
    const isStream = progress.request?.streaming === true;
    return showBody(body, out, { isJson: isJsonAnswer(response), isStream });
  }
  for await (const chunk of body) await out.write(chunk);
}

function writeToFile(path: string, head: string, body: AsyncIterable<Uint8Array>): Promise<void> {
  return withFile(path, async (write) => {
    if (head !== '') await write(Buffer.from(head, 'latin1'));
    for await (const chunk of body) await write(chunk);
  });
}

async function dumpHeaders(path: string, response: ApiResponse, deps: Deps): Promise<void> {
  if (path === '-') return writeHeaders(deps.io.out, response);
  await withFile(path, (write) => write(Buffer.from(headerText(response), 'latin1')));
}

/**
 * Opens a file, and closes it after `use`.
 * @throws LocalError if the file cannot be opened, written or closed; errors of `use` are not
 *   changed
 */
async function withFile(
  path: string,
  use: (write: (bytes: Uint8Array) => Promise<void>) => Promise<void>,
): Promise<void> {
  const named = (error: unknown): never => {
    throw localError(`the file ${describePath(path)} cannot be written`, error, 'FileUnwritable');
  };
  const file = await promises.open(path, 'w').catch(named);
  try {
    await use(async (bytes) => {
      for (let at = 0; at < bytes.byteLength;) at += (await file.write(bytes, at).catch(named)).bytesWritten;
    });
  } finally {
    await file.close().catch(named);
  }
}

function remoteName(path: string): string {
  const name = path.replace(/\?.*$/s, '').split('/').at(-1) ?? '';
  if (name !== '' && name !== '.' && name !== '..') return name;
  throw new UsageError(`-O takes the name of the file from the path, and ${path} ends without one`, {
    code: 'BadFlagValue',
    hint: 'name it with -o',
  });
}

async function writeHeaders(out: Sink, response: ApiResponse): Promise<void> {
  const text = headerText(response);
  if (!out.isTTY) return out.write(Buffer.from(text, 'latin1'));
  const readable = Buffer.from(text, 'latin1').toString('utf8').replaceAll('\r\n', '\n');
  return out.write(escapeControl(readable));
}

/** Returns status line and headers as received, as bytes read as Latin-1. */
function headerText(response: ApiResponse): string {
  const lines = headerLinesOf(response).map(([name, value]) => `${name}: ${value}\r\n`);
  return `HTTP/1.1 ${`${response.status} ${response.statusText}`.trim()}\r\n${lines.join('')}\r\n`;
}

function headerLinesOf({ exchange, headers }: ApiResponse): readonly (readonly [string, string])[] {
  return exchange?.headerLines ?? Object.entries(headers);
}

async function factsOf(
  { request, response, downloadedBytes, uploadedBytes, fileName }: Progress,
  totalMs: number,
  retries: number,
  failure: KapiError | undefined,
  deps: Deps,
): Promise<TransferFacts> {
  const exchange = response?.exchange;
  const url = `${(await deps.config()).server.value}${request?.path ?? ''}`;
  return {
    method: request?.method ?? '',
    url,
    effectiveUrl: exchange?.url ?? url,
    status: response?.status ?? 0,
    contentType: response?.headers['content-type'] ?? '',
    headerLines: response === undefined ? [] : headerLinesOf(response),
    headerBytes: response === undefined ? 0 : headerText(response).length,
    downloadedBytes,
    uploadedBytes,
    redirects: exchange?.redirects ?? 0,
    retries,
    resolvedMs: exchange?.resolvedMs ?? 0,
    connectedMs: exchange?.connectedMs ?? 0,
    securedMs: exchange?.securedMs ?? 0,
    firstByteMs: exchange?.firstByteMs ?? 0,
    totalMs,
    fileName,
    exitCode: failure?.exitCode ?? ExitCode.ok,
    errorMessage: failure?.message ?? '',
  };
}
