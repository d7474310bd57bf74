// With real processes of known cost: the launcher must report what the kernel counted.
import { describe, expect, it, vi } from 'vitest';
import { measure, start } from '../../../bench/measure.ts';

const environment = { PATH: process.env['PATH'] ?? '' };
const node = (script: string) => ({ argv: [process.execPath, '-e', script], environment });
// Real processes wait for the CPU as long as the machine is busy.
vi.setConfig({ testTimeout: 90_000 });
const nowhere = { to: 'null' } as const;

describe.runIf(process.platform === 'linux')('measure (by wait4 of Linux)', () => {
  it('measures the CPU time of the process itself', async () => {
    const busy =
      'const { user, system } = process.cpuUsage(); while (process.cpuUsage().user < user + 150_000);';
    const sample = await measure(node(busy), nowhere);
    expect(sample.userMs + sample.systemMs).toBeGreaterThan(150);
    expect(sample.wallMs).toBeGreaterThan(150);
  });

  it('sleeping costs wall time only', async () => {
    const sample = await measure({ argv: ['sleep', '0.4'], environment }, nowhere);
    expect(sample.wallMs).toBeGreaterThanOrEqual(400);
    expect(sample.userMs + sample.systemMs).toBeLessThan(200);
  });

  it('measures the peak of memory, not the end', async () => {
    const small = await measure(node('0'), nowhere);
    const large = await measure(node('Buffer.alloc(100 << 20, 1)'), nowhere);
    expect(large.peakKb - small.peakKb).toBeGreaterThan(95 * 1_024);
    // A child does not inherit the peak of its parent.
    const least = await measure({ argv: ['true'], environment }, nowhere);
    expect(least.peakKb).toBeLessThan(20 * 1_024);
  });

  it('counts what is printed, and records when the expected line arrived', async () => {
    const script = 'echo head; sleep 0.3; echo row; sleep 0.3; printf "%01000000d\\n" 7';
    const sample = await measure(
      { argv: ['sh', '-c', script], environment },
      { to: 'launcher', firstRow: 2 },
    );
    expect(sample).toMatchObject({ lines: 3, bytes: 5 + 4 + 1_000_001 });
    expect(sample.firstRowMs).toBeGreaterThanOrEqual(300);
    expect(sample.firstRowMs).toBeLessThan(sample.wallMs - 250);
  });

  it('a row that never arrives has no time', async () => {
    const sample = await measure({ argv: ['echo', 'head'], environment }, { to: 'launcher', firstRow: 2 });
    expect(sample.firstRowMs).toBeNull();
  });

  it('a command that fails is an error with its own message', async () => {
    const failing = { argv: ['sh', '-c', 'echo no such pod >&2; exit 5'], environment };
    await expect(measure(failing, nowhere)).rejects.toThrow(/exit code 5: no such pod/);
    const killed = { argv: ['sh', '-c', 'kill -9 $$'], environment };
    await expect(measure(killed, nowhere)).rejects.toThrow(/signal 9/);
    await expect(measure({ argv: ['/no/such/program'], environment }, nowhere)).rejects.toThrow(
      /exit code 127: launcher: \/no\/such\/program: No such file/,
    );
  });

  it('passes the given environment and nothing else', async () => {
    process.env['KAPI_BENCH_LEAK'] = 'yes';
    const sample = await measure(
      { argv: ['env'], environment: { ONE: '1' } },
      { to: 'launcher', firstRow: 1 },
    );
    delete process.env['KAPI_BENCH_LEAK'];
    expect(sample.bytes).toBe('ONE=1\n'.length);
  });
});

describe.runIf(process.platform === 'linux')('start (by wait4 of Linux)', () => {
  it('returns stdout while the process runs, and interrupts it', async () => {
    const running = start({
      argv: ['sh', '-c', 'trap "exit 130" INT; echo ready; while :; do sleep 0.05; done'],
      environment,
    });
    const [piece] = await new Promise<[Buffer]>((resolve) =>
      running.stdout.once('data', (data: Buffer) => resolve([data])),
    );
    expect(piece.toString()).toBe('ready\n');
    running.interrupt();
    expect(await running.ended).toMatchObject({ exitCode: 130, signal: 0 });
  });
});
