// Builds the request of kapi curl from its options. Entry point: buildRequest(). Reads files and
// stdin; run.ts sends the request and shows the response.

import { basename } from 'node:path';
import { isEndless } from '../../model/request-info.ts';
import { UsageError } from '../../errors.ts';
import type { Json } from '../../model/object.ts';
import type { RequestSpec } from '../../model/request.ts';
import type { Deps } from '../deps.ts';
import { checkReadable, readData, streamFileOrStdin, streamingHint, type GivenData } from './body.ts';
import { readFileOrStdin } from '../read-file.ts';
import { decideContent, isJson, type Content } from './content.ts';
import { parseHeaderLines, type GivenHeaders } from './headers.ts';
import { basicAuthorization, requestAuthorization } from './identity.ts';
import type { CurlOptions } from './options.ts';
import { addDryRun, addQuery, isObjectPath, resolveTarget } from '../request-target.ts';

/**
 * Makes a request at each call, because a streamed body can be sent only once. Stdin can be read
 * only once.
 */
export type RequestMaker = () => RequestSpec;

/** Builds the request. @throws UsageError for invalid targets, bodies and combinations */
export async function buildRequest(options: CurlOptions, deps: Deps): Promise<RequestMaker> {
  const given = parseHeaderLines(await readHeaderLines(options.headerLines, deps));
  const authorization = requestAuthorization(given, options.basicUser);
  deps.forRequests({
    insecureWins: true,
    ...(authorization === undefined ? {} : { requestAuthorization: authorization }),
  });
  const data = options.data.length === 0 ? undefined : await readData(options.data, deps.io.in);
  const method = methodOf(options);
  let path = await resolveTarget(options.target, deps);
  if (options.upload !== undefined && options.upload !== '-' && path.endsWith('/'))
    path += encodeURIComponent(basename(options.upload));
  if (data !== undefined && options.dataInQuery)
    path = addQuery(path, Buffer.from(data.bytes).toString('latin1'));

  const isObject = isObjectPath(method, path);
  const hasType = given.headers['content-type'] !== undefined || given.omitted.includes('content-type');
  if (options.patchType !== undefined && given.headers['content-type'] !== undefined) {
    throw new UsageError('--type and a Content-Type header both name the kind of patch', {
      code: 'ConflictingFlags',
    });
  }
  const { upload } = options;
  // An upload elsewhere can have any size. A body for an object is inspected, and is never large.
  const streams = upload !== undefined && (hasType || !isObject);
  const body = streams || options.dataInQuery ? undefined : await wholeBody(options, data, deps);
  const content =
    body === undefined || hasType ? undefined : await contentOf(body, { method, isObject, options }, deps);
  if (content?.patchType === 'apply' && !/[?&]fieldManager=/.test(path))
    path = addQuery(path, 'fieldManager=kapi');
  if (options.dryRun) path = addDryRun(method, path);

  if (data?.isJson === true && !hasType && !isJson(Buffer.from(data.bytes).toString('utf8'))) {
    deps.warn('note: --json says that the body is JSON, and it is not; -d takes JSON and YAML');
  }
  const request: RequestSpec = {
    method,
    path,
    ...headersOf(options, given, content, data?.isJson === true),
    ...(options.compressed ? { compress: true } : {}),
    ...(options.noBuffer || isEndless({ method, path }) ? { streaming: true } : {}),
    // As in curl, retries and redirects happen only on request. transfer.ts counts --retry.
    retry: false,
    redirect: options.location ? 'follow' : 'manual',
    words: { flags: options.outputWords },
  };
  if (streams) return makeUploads(request, upload, deps);
  if (content?.text !== undefined) return () => ({ ...request, body: content.text ?? '' });
  if (body === undefined) return () => request;
  const words = { ...request.words, ...(body.words === undefined ? {} : { body: body.words }) };
  return () => ({ ...request, body: body.bytes, words });
}

async function makeUploads(request: RequestSpec, path: string, deps: Deps): Promise<RequestMaker> {
  if (path !== '-') await checkReadable(path);
  const words = { ...request.words, body: ['-T', path] };
  return () => ({ ...request, body: streamFileOrStdin(path, deps.io.in), words });
}

function methodOf(options: CurlOptions): string {
  if (options.method !== undefined) return options.method;
  if (options.patchType !== undefined) return 'PATCH';
  if (options.upload !== undefined) return 'PUT';
  if (options.head) return 'HEAD';
  return options.data.length > 0 && !options.dataInQuery ? 'POST' : 'GET';
}

async function readHeaderLines(lines: readonly string[], deps: Deps): Promise<string[]> {
  const read = await Promise.all(
    lines.map(async (line) => {
      if (!line.startsWith('@')) return [line];
      const text = Buffer.from(await readFileOrStdin(line.slice(1), deps.io.in)).toString('utf8');
      // As in curl, ignores empty lines and comments.
      return text.split(/\r?\n/).filter((each) => each.trim() !== '' && !each.startsWith('#'));
    }),
  );
  return read.flat();
}

/** Returns the body of the data flags or an upload. Undefined if the request has none. */
async function wholeBody(
  { upload }: CurlOptions,
  data: GivenData | undefined,
  deps: Deps,
): Promise<GivenData | undefined> {
  if (upload === undefined) return data;
  const bytes = await readFileOrStdin(upload, deps.io.in, streamingHint);
  return { bytes, isJson: false, words: upload === '-' ? undefined : ['-T', upload] };
}

async function contentOf(
  { bytes, isJson }: GivenData,
  { method, isObject, options }: { method: string; isObject: boolean; options: CurlOptions },
  deps: Deps,
): Promise<Content> {
  const text = Buffer.from(bytes).toString('utf8');
  const value = isObject ? await parse(text, deps) : undefined;
  return decideContent({ method, isObject, saidToBeJson: isJson, patchType: options.patchType, text, value });
}

async function parse(text: string, deps: Deps): Promise<Json | undefined> {
  const parsed = await deps.parseDocument(text);
  return 'value' in parsed ? parsed.value : undefined;
}

function headersOf(
  options: CurlOptions,
  { headers, omitted }: GivenHeaders,
  content: Content | undefined,
  saidToBeJson: boolean,
): Pick<RequestSpec, 'headers' | 'omitHeaders'> {
  const { userAgent, basicUser } = options;
  const omit = [...omitted, ...(userAgent === '' ? ['user-agent'] : [])];
  return {
    headers: {
      ...(omit.includes('accept') ? {} : { accept: saidToBeJson ? 'application/json' : '*/*' }),
      ...(content === undefined ? {} : { 'content-type': content.contentType }),
      ...(userAgent === undefined || userAgent === '' ? {} : { 'user-agent': userAgent }),
      ...(basicUser === undefined ? {} : { authorization: basicAuthorization(basicUser) }),
      ...headers,
    },
    ...(omit.length === 0 ? {} : { omitHeaders: omit }),
  };
}
