import { describe, expect, test } from 'vitest';
import { hostPort, isLoopback, parseServer } from '../../../src/transport/server-address.ts';

describe('parseServer', () => {
  test.each([
    ['https://10.0.0.1:6443', true, '10.0.0.1', 6443, '', '10.0.0.1:6443'],
    ['https://rancher.example/k8s/c-1/', true, 'rancher.example', 443, '/k8s/c-1', 'rancher.example'],
    ['http://[::1]:8001', false, '::1', 8001, '', '[::1]:8001'],
    ['http://localhost', false, 'localhost', 80, '', 'localhost'],
  ])('%s', (server, secure, host, port, prefix, authority) => {
    expect(parseServer(server, '--server')).toMatchObject({ secure, host, port, prefix, authority });
  });

  test('user information becomes an Authorization and leaves the origin', () => {
    const address = parseServer('https://jane:s%20ret@h:1/x', '--server');
    expect(address.origin).toBe('https://h:1');
    expect(address.authorization?.expose()).toBe('Basic amFuZTpzIHJldA==');
    expect(JSON.stringify(address)).not.toContain('ret');
  });

  test('anything else is refused without being repeated', () => {
    for (const server of ['ftp://u:s3cret@h', 'not a url s3cret', '']) {
      expect(() => parseServer(server, '--server')).toThrow(
        /^the server address from --server is not an http or https URL$/,
      );
    }
    expect(() => parseServer('https://%zz@h', '--server')).toThrow(
      'the user information of the URL from --server is not properly percent-encoded',
    );
  });
});

test('hostPort writes IPv6 in brackets', () => {
  expect(hostPort({ host: '::1', port: 1 })).toBe('[::1]:1');
  expect(hostPort({ host: 'a', port: 1 })).toBe('a:1');
});

test('isLoopback', () => {
  expect(['localhost', 'a.localhost', '127.0.0.1', '127.1.2.3', '::1'].every(isLoopback)).toBe(true);
  expect(['127.example.com', 'localhost.example', '10.0.0.1', '::2'].some(isLoopback)).toBe(false);
});
