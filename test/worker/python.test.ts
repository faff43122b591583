import { describe, expect, setDefaultTimeout, test } from 'bun:test';
import { execFileSync } from 'node:child_process';
import { join } from 'node:path';
import { misses } from '../support/needs.ts';
import { PYTHON_APP } from './apps.ts';
import { pythonHost, RunningHost } from './host.ts';
import { temporaryFolder, writeFiles } from './packages.ts';

setDefaultTimeout(90_000);
const noPython = misses('python3');

describe.skipIf(noPython)('a Python processor', () => {
  test('tuple, codes, text, exceptions and what is no tuple', async () => {
    const host = pythonHost(PYTHON_APP);
    await host.event('ready');
    expect(await host.text('text:')).toEqual([200, 'text 模']);
    for (const [code, status] of [
      [0, 200],
      [200, 200],
      [404, 404],
      [503, 503],
      [-1, 400],
      [70000, 400],
      [7, 400],
    ]) {
      expect(await host.text(`code:${code}`)).toEqual([status!, 'code body']);
    }
    expect(await host.text('raise:no good')).toEqual([400, 'no good']);
    expect((await host.text('none'))[0]).toBe(400);
    expect(await host.text('goes on')).toEqual([200, 'goes on']);
    expect(host.log()).toContain('ValueError: no good');
  });

  test('reaches model, properties and environment', async () => {
    const host = pythonHost(PYTHON_APP, {
      properties: { 'rpc.keepalive': '5000', cpu: '1' },
      env: { FOO: 'bar' },
    });
    await host.event('ready');
    expect(await host.text('model')).toEqual([200, 'model']);
    expect(await host.text('prop:rpc.keepalive')).toEqual([200, '5000']);
    expect(await host.text('prop:absent')).toEqual([200, '']);
    expect(await host.text('env:FOO')).toEqual([200, 'bar']);
    expect(await host.text('env:WORKER_NAME')).toEqual([200, 'easworker']);
  });

  test('several processes each load the model; one that dies ends them all', async () => {
    const app = `
import os, time, allspark
class App(allspark.BaseProcessor):
    def initialize(self):
        self.model = open("../../model/m.txt").read()
    def process(self, data):
        if data == b"str": return "text", 200
        if data == b"raise": raise ValueError("no good")
        time.sleep(0.2)
        return ("%s %d" % (self.model, os.getpid())).encode(), 200
App(1, 4, 3).run()`;
    const host = pythonHost(app);
    await host.event('ready');
    const answers = await Promise.all(Array.from({ length: 6 }, () => host.text('x')));
    expect(new Set(answers.map(([, body]) => body)).size).toBe(3);
    expect(answers.every(([status, body]) => status === 200 && body.startsWith('model '))).toBe(true);
    expect(await host.text('str')).toEqual([
      500,
      'process() must return bytes when worker_processes > 1, not str',
    ]);
    expect((await host.text('raise'))[0]).toBe(503);
    expect((await host.event('exited')).message).toContain('with worker_processes > 1 that ends the service');
  });

  test('a queued service reads batches and answers by id', async () => {
    const app = `
import threading, allspark
context = allspark.Context(4)
service = context.queued_service("0.0.0.0:8080")
def by_id():
    while True:
        body, ident = service.read_with_id()
        if body == b"bad": service.error_with_id(404, b"bad " + body, ident)
        else: service.write_with_id(b"one " + body, ident)
def batches():
    while True:
        batch = service.read_upto(4, 300)
        service.write_many([(0, b"%d of %d" % (i, len(batch))) for i in range(len(batch))])
batches()`;
    const host = pythonHost(app);
    await host.event('ready');
    await host.text('wakes it up');
    const answers = await Promise.all(Array.from({ length: 4 }, () => host.text('x')));
    expect(answers.map(([, body]) => body).sort()).toEqual(['0 of 4', '1 of 4', '2 of 4', '3 of 4']);
    const second = pythonHost(app.replace(/batches\(\)$/, 'by_id()'));
    await second.event('ready');
    expect(await second.text('x')).toEqual([200, 'one x']);
    expect(await second.text('bad')).toEqual([404, 'bad bad']);
  });

  test('ENV/bin/python of the package is used, and the official allspark in it is proxied', async () => {
    const workspace = join(temporaryFolder(), 'ws');
    const root = join(workspace, 'predictor/app');
    writeFiles(root, { 'app.py': PYTHON_APP, 'libs/libx.so.1': '' });
    const real = execFileSync('python3', ['-c', 'import sys; print(sys.executable)']).toString().trim();
    writeFiles(root, {
      'ENV/bin/python': `#!/bin/sh\nexport FROM_ENV=1 PYTHONPATH=$(dirname "$0")/../site:$PYTHONPATH\nexec ${real} "$@"\n`,
    });
    execFileSync('chmod', ['755', join(root, 'ENV/bin/python')]);
    writeFiles(root, { 'ENV/site/allspark/__init__.py': OFFICIAL });
    const host = new RunningHost({ workspace });
    await host.event('ready');
    expect(await host.text('env:FROM_ENV')).toEqual([200, '1']);
    expect(await host.text('hello')).toEqual([200, 'hello']);
    expect((await host.text('env:LD_LIBRARY_PATH'))[1]).toContain(join(root, 'libs'));
    expect(await host.text('code:404')).toEqual([404, 'code body']);
  });
});

/** Stands for the official package: its own HTTP server on `endpoint`, nothing of ours inside. */
const OFFICIAL = `
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
class BaseProcessor(object):
    def __init__(self, worker_threads=5, io_threads=4, worker_processes=1, endpoint=None):
        self.endpoint = endpoint or "0.0.0.0:8080"
    def get_model_path(self):
        return "../model"
    def run(self):
        self.initialize()
        outer = self
        class Handler(BaseHTTPRequestHandler):
            def do_POST(self):
                body, code = outer.process(self.rfile.read(int(self.headers.get("Content-Length") or 0)))
                self.send_response(200 if code in (0, 200) else code)
                self.send_header("Content-Length", str(len(body)))
                self.end_headers()
                self.wfile.write(body)
            def log_message(self, *_): pass
        host, port = self.endpoint.split(":")
        ThreadingHTTPServer((host, int(port)), Handler).serve_forever()
`;
