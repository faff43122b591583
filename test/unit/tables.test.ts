import { describe, expect, test } from 'bun:test';
import { headedTable, jsonRows, keyValueTable, wrapLine } from '../../src/ui/tables.ts';

const golden = (text: string) => text.replace(/^\n/, '').trimEnd().split('\n');

describe('headed tables', () => {
  test('ls: the sample of eascmd.md 2.7', () => {
    const header = [
      'ServiceName',
      'Region',
      'Instance',
      'CreateTime',
      'UpdateTime',
      'Status',
      'Weight',
      'ServicePath',
    ];
    const row = [
      'mnist_saved_model_example',
      'cn-shanghai',
      '1',
      '2019-02-21 16:35:41',
      '2019-02-21 16:35:41',
      'Running',
      '0',
      '/api/predict/mnist_saved_model_example',
    ];
    expect(headedTable(header, [row])).toEqual(
      golden(`
+---------------------------+-------------+----------+---------------------+---------------------+---------+--------+----------------------------------------+
|        SERVICENAME        |   REGION    | INSTANCE |     CREATETIME      |     UPDATETIME      | STATUS  | WEIGHT |              SERVICEPATH               |
+---------------------------+-------------+----------+---------------------+---------------------+---------+--------+----------------------------------------+
| mnist_saved_model_example | cn-shanghai |        1 | 2019-02-21 16:35:41 | 2019-02-21 16:35:41 | Running |      0 | /api/predict/mnist_saved_model_example |
+---------------------------+-------------+----------+---------------------+---------------------+---------+--------+----------------------------------------+
`),
    );
  });

  test('w: the sample of eascmd.md 2.9', () => {
    const header = ['InnerIP', 'HostIP', 'StartAt', 'Restarts', 'Status', 'Ready', 'Reason'];
    const row = ['172.24.XX.XX', '192.168.XX.XXX', '2019-02-21 16:35:58', '0', 'Running', '[1/1]', ''];
    expect(headedTable(header, [row])).toEqual(
      golden(`
+--------------+----------------+---------------------+----------+---------+-------+--------+
|   INNERIP    |     HOSTIP     |       STARTAT       | RESTARTS | STATUS  | READY | REASON |
+--------------+----------------+---------------------+----------+---------+-------+--------+
| 172.24.XX.XX | 192.168.XX.XXX | 2019-02-21 16:35:58 |        0 | Running | [1/1] |        |
+--------------+----------------+---------------------+----------+---------+-------+--------+
`),
    );
  });

  test('resource ls: the sample of eascmd.md 2.11', () => {
    const header = [
      'ResourceName',
      'ClusterId',
      'InstanceCount',
      'GpuCount',
      'CpuCount',
      'OwnerUid',
      'CreateTime',
      'Status',
    ];
    const row = [
      'eas-r-lzo32vrdbtukr7te3i',
      'cn-shanghai',
      '1',
      '0',
      '16',
      '182848887922****',
      '2020-03-18 13:09:24',
      'ResourceReady',
    ];
    expect(headedTable(header, [row])).toEqual(
      golden(`
+--------------------------+-------------+---------------+----------+----------+------------------+---------------------+---------------+
|       RESOURCENAME       |  CLUSTERID  | INSTANCECOUNT | GPUCOUNT | CPUCOUNT |     OWNERUID     |     CREATETIME      |    STATUS     |
+--------------------------+-------------+---------------+----------+----------+------------------+---------------------+---------------+
| eas-r-lzo32vrdbtukr7te3i | cn-shanghai |             1 |        0 |       16 | 182848887922**** | 2020-03-18 13:09:24 | ResourceReady |
+--------------------------+-------------+---------------+----------+----------+------------------+---------------------+---------------+
`),
    );
  });

  test('no rows leave header and borders', () => {
    expect(headedTable(['Name'], [])).toEqual(['+------+', '| NAME |', '+------+', '+------+']);
  });

  test.each([
    ['12', true],
    ['-1,234.5', true],
    ['20%', true],
    ['16/6', false],
    ['1.2.3', false],
    ['[1/1]', false],
  ])('%p stands right: %p', (value, right) => {
    const line = headedTable(['a long header'], [[value]])[3]!;
    expect(line.endsWith(`${value} |`)).toBe(right);
  });

  test('a CJK character counts two columns', () => {
    expect(headedTable(['N'], [['服务'], ['ab']])).toEqual([
      '+------+',
      '|  N   |',
      '+------+',
      '| 服务 |',
      '| ab   |',
      '+------+',
    ]);
  });

  test('escape sequences and control characters of a service do not reach the terminal', () => {
    const text = headedTable(['Message'], [['\x1b[31mred\x1b[0m\x07\ttab']]).join('');
    expect(text).toContain('| red tab |');
    expect(text).not.toMatch(/\p{Cc}/u);
  });
});

describe('key/value tables', () => {
  test('create: the sample of eascmd.md 2.4', () => {
    const rows = [
      ['Intranet Endpoint', 'http://pai-eas-vpc.cn-shanghai.aliyuncs.com/api/predict/savedmodel_example'],
      ['Token', 'YjQxZDYzZTBiZTZjMzQ5ZmE0MzczZjIxMGZiNzZmMDBkY2VjMDg4****'],
    ];
    expect(keyValueTable(rows)).toEqual(
      golden(`
+-------------------+----------------------------------------------------------------------------+
| Intranet Endpoint | http://pai-eas-vpc.cn-shanghai.aliyuncs.com/api/predict/savedmodel_example |
|             Token | YjQxZDYzZTBiZTZjMzQ5ZmE0MzczZjIxMGZiNzZmMDBkY2VjMDg4****                   |
+-------------------+----------------------------------------------------------------------------+
`),
    );
  });

  test('desc: the wrapped ServiceConfig lines of eascmd.md 2.8', () => {
    const config = {
      name: 'mnist_saved_model_example',
      generate_token: 'false',
      processor: 'tensorflow_cpu',
      model_path: 'http://eas-data.oss-cn-shanghai.aliyuncs.com/models%2Fmnist_saved_model.tar.gz',
      metadata: { instance: 1, cpu: 1, region: 'cn-shanghai' },
    };
    const cells = keyValueTable(jsonRows('ServiceConfig', config)).map((line) => line.replace(/ +\|$/, ''));
    expect(cells.slice(1, -1)).toEqual(
      golden(`
| ServiceConfig | {
|               |   "generate_token": "false",
|               |   "metadata": {
|               |     "cpu": 1,
|               |     "instance": 1,
|               |     "region": "cn-shanghai"
|               |   },
|               |   "model_path":
|               | "http://eas-data.oss-cn-shanghai.aliyuncs.com/models%2Fmnist_saved_model.tar.gz",
|               |   "name":
|               | "mnist_saved_model_example",
|               |   "processor":
|               | "tensorflow_cpu"
|               | }
`),
    );
  });
});

describe('wrapping', () => {
  test.each([
    ['a line of thirty columns stays..', 32, ['a line of thirty columns stays..']],
    ['aaa bb cc ddddd', 6, ['aaa', 'bb cc', 'ddddd']],
    ['0123456789012345678901234567890123456789', 30, ['0123456789012345678901234567890123456789']],
    ['服务服务 服务服务', 10, ['服务服务', '服务服务']],
  ])('%p at %p columns', (line, columns, expected) => {
    expect(wrapLine(line, columns)).toEqual(expected);
  });

  test('the limit grows to the longest word for the other lines too', () => {
    expect(wrapLine('aa bb 0123456789 cc', 5)).toEqual(['aa bb', '0123456789', 'cc']);
  });

  test('a text of ten thousand words is wrapped without stalling', () => {
    const lines = wrapLine('word '.repeat(10_000).trim(), 30);
    expect(lines.join(' ')).toBe('word '.repeat(10_000).trim());
    expect(lines.every((line) => line.length <= 30)).toBe(true);
  });
});
