// The handshake with a SOCKS5 proxy (RFC 1928, RFC 1929), for CONNECT only. Entry point:
// openSocksTunnel().
// undici's agent is not used: it is experimental, prints a warning, and makes its own decisions
// about TLS.

import { isIP, SocketAddress, type Socket } from 'node:net';
import { Fault } from './fault.ts';
import type { SocksProxy } from './route.ts';
import type { Endpoint } from './server-address.ts';

const version = 5;
const methodNone = 0;
const methodPassword = 2;
const methodRefused = 0xff;

/** Texts of the replies of RFC 1928 section 6. */
const replies: readonly string[] = [
  'succeeded',
  'general SOCKS server failure',
  'connection not allowed by ruleset',
  'network unreachable',
  'host unreachable',
  'connection refused',
  'TTL expired',
  'command not supported',
  'address type not supported',
];

/**
 * Asks the proxy at the other end of `socket` for a connection. The proxy resolves names, as with
 * kubectl. Afterwards the socket is connected to the target.
 * @throws Fault `SOCKS_REPLY` when the proxy refuses or the credentials are too long, `CLOSED` when
 *   it closes the connection
 */
export async function openSocksTunnel(socket: Socket, target: Endpoint, proxy: SocksProxy): Promise<void> {
  const withPassword = proxy.username !== undefined;
  socket.write(
    Buffer.from(withPassword ? [version, 2, methodNone, methodPassword] : [version, 1, methodNone]),
  );
  const [chosenVersion, method] = await readBytes(socket, 2);
  if (chosenVersion !== version) throw refusalFault('it does not speak SOCKS5');
  if (method === methodPassword && withPassword) {
    await authenticate(socket, proxy);
  } else if (method !== methodNone) {
    throw refusalFault(
      method === methodRefused && !withPassword
        ? 'it asks for a user name and password'
        : 'it accepts none of the ways to authenticate',
    );
  }
  socket.write(encodeConnect(target));
  const [, reply = 0, , addressType = 0] = await readBytes(socket, 4);
  if (reply !== 0) throw refusalFault(replies[reply] ?? `reply ${reply}`);
  // Read the bound address off the stream. It is not used.
  const length = addressType === 1 ? 4 : addressType === 4 ? 16 : ((await readBytes(socket, 1))[0] ?? 0);
  await readBytes(socket, length + 2);
}

async function authenticate(socket: Socket, { username, password }: SocksProxy): Promise<void> {
  const user = Buffer.from(username ?? '');
  const secret = Buffer.from(password?.expose() ?? '');
  if (user.length > 255 || secret.length > 255)
    throw refusalFault('its user name or password is over 255 bytes');
  socket.write(Buffer.concat([Buffer.from([1, user.length]), user, Buffer.from([secret.length]), secret]));
  const [, status] = await readBytes(socket, 2);
  if (status !== 0) throw refusalFault('it did not accept the user name and password');
}

/** Encodes the CONNECT request for an address or a name. */
export function encodeConnect({ host, port }: Endpoint): Buffer {
  const family = isIP(host);
  const address =
    family === 4
      ? Buffer.from([1, ...host.split('.').map(Number)])
      : family === 6
        ? Buffer.from([4, ...ipv6Bytes(host)])
        : Buffer.from([3, Buffer.byteLength(host), ...Buffer.from(host)]);
  return Buffer.concat([Buffer.from([version, 1, 0]), address, Buffer.from([port >> 8, port & 0xff])]);
}

function ipv6Bytes(host: string): number[] {
  // SocketAddress formats the address canonically: hexadecimal groups with at most one `::`, and
  // dotted decimal for a mapped IPv4 address.
  const canonical = new SocketAddress({ address: host.replace(/%.*$/, ''), family: 'ipv6' }).address;
  const [, dotted] = /:(\d+\.\d+\.\d+\.\d+)$/.exec(canonical) ?? [];
  const [a = 0, b = 0, c = 0, d = 0] = dotted?.split('.').map(Number) ?? [];
  const text =
    dotted === undefined
      ? canonical
      : `${canonical.slice(0, -dotted.length)}${((a << 8) | b).toString(16)}:${((c << 8) | d).toString(16)}`;
  const [head = '', tail] = text.split('::');
  const groupsOf = (part: string): number[] =>
    part === '' ? [] : part.split(':').map((group) => parseInt(group, 16));
  const before = groupsOf(head);
  const after = tail === undefined ? [] : groupsOf(tail);
  const groups = [...before, ...Array<number>(8 - before.length - after.length).fill(0), ...after];
  return groups.flatMap((group) => [group >> 8, group & 0xff]);
}

function refusalFault(detail: string): Fault {
  return new Fault({ phase: 'proxy', party: 'proxy', code: 'SOCKS_REPLY', detail });
}

/** Reads exactly `count` bytes off the stream and leaves the rest. */
async function readBytes(socket: Socket, count: number): Promise<Buffer> {
  let taken = Buffer.alloc(0);
  while (taken.length < count) {
    // Read only buffered bytes: a `read` of more would leave them buffered, and `readable` would be
    // emitted again at once.
    const size = Math.min(count - taken.length, socket.readableLength);
    const chunk: unknown = size === 0 ? null : socket.read(size);
    if (chunk instanceof Buffer) taken = Buffer.concat([taken, chunk]);
    else if (socket.readableEnded || socket.destroyed) throw closedFault();
    else await readable(socket);
  }
  return taken;
}

/** Resolves when the stream has data or has ended. */
async function readable(socket: Socket): Promise<void> {
  const events = ['readable', 'end', 'close', 'error'];
  await new Promise<void>((resolve) => {
    const wake = (): void => {
      for (const event of events) socket.off(event, wake);
      resolve();
    };
    for (const event of events) socket.on(event, wake);
  });
}

function closedFault(): Fault {
  return new Fault({ phase: 'proxy', party: 'proxy', code: 'CLOSED', cause: undefined });
}
