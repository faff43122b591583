import { describe, expect, test } from 'bun:test';
import { readLocalCredentials } from '../../src/local/launch.ts';
import { LocalUnderTest, serviceJson } from '../local/support.ts';
import { pythonOpenApiSdk, skipReason } from '../support/vendor-sdk.ts';

const sdk = await pythonOpenApiSdk();
const NAME = 'by_python';

describe.skipIf(skipReason("the vendor's Python SDK of the API against Local EAS", sdk))(
  'alibabacloud_eas20210701 and Local EAS',
  () => {
    test('a service lives from create to delete', async () => {
      const local = await new LocalUnderTest().start();
      try {
        const { python, env } = (sdk as { ready: { python: string; env: Record<string, string> } }).ready;
        const { accessKeyId, accessKeySecret } = (await readLocalCredentials(local.dataDir))!;
        const { host: endpoint } = new URL(local.info.apiUrl);
        const given = { accessKeyId, accessKeySecret, endpoint, document: serviceJson(NAME) };
        const child = Bun.spawn([python, `${import.meta.dir}/sdk/openapi.py`], {
          env: { ...process.env, ...env },
          stdin: new Blob([JSON.stringify(given)]),
          stdout: 'pipe',
          stderr: 'pipe',
          timeout: 50_000,
        });
        const [out, err] = await Promise.all([child.stdout.text(), child.stderr.text()]);
        expect({ code: await child.exited, err: err.slice(-2000) }).toMatchObject({ code: 0 });
        expect(JSON.parse(out)).toEqual({
          created: [NAME, 'local', 'Creating'],
          described: [1, 1, 56],
          listed: [1, [NAME]],
          instances: [['Running', 1]],
          labels: [['team', 'vision']],
          updated: `Succeed to update service [${NAME}] in region [local]`,
          scaled: 2,
          versions: [1],
          again: 'ServiceAlreadyExists',
          deleted: `Service [${NAME}] in region [local] is terminating`,
          gone: 'InvalidService.NotFound',
        });
      } finally {
        await local.end();
      }
    }, 60_000);
  },
);
