import { expect, test } from 'bun:test';
import { repeatedProgram } from '../../src/cli/repeat.ts';

test.each([
  [{}, 'eascmd'],
  [{ endpoint: 'local' }, 'eascmd -e local'],
  [
    { endpoint: 'http://127.0.0.1:18500', config: '/etc/eas.conf' },
    'eascmd -c /etc/eas.conf -e http://127.0.0.1:18500',
  ],
  [{ config: "my 'own' file" }, "eascmd -c 'my '\\''own'\\'' file'"],
  [{ accessKeyId: 'id', accessKeySecret: 'secret', stsToken: 'token' }, 'eascmd'],
])('%j goes on as %s', (globals, expected) => {
  expect(repeatedProgram(globals)).toBe(expected);
});
