import { usageError } from '../../core/errors.ts';
import { closest } from '../../core/suggest.ts';

/**
 * The configuration file (docs/configuration.md): one `key = value` a line; lines that begin with `#` or `;` are
 * comments, `[default]` may head them, a value may stand in double quotes. Keys are read without regard to case,
 * `-` and `_`, so that AccessKeyId is access_key_id.
 */
export const FILE_KEYS = {
  accessKeyId: 'access_key_id',
  accessKeySecret: 'access_key_secret',
  securityToken: 'security_token',
  endpoint: 'endpoint',
  region: 'region',
  ossEndpoint: 'oss_endpoint',
  ossBucket: 'oss_bucket',
  httpProxy: 'http_proxy',
  httpsProxy: 'https_proxy',
  noProxy: 'no_proxy',
  caFile: 'ca_file',
} as const;

export type FileKey = keyof typeof FILE_KEYS;
export type FileValues = Partial<Record<FileKey, string>>;

const fold = (key: string) => key.toLowerCase().replace(/[-_]/g, '');
const byFolded = new Map(Object.entries(FILE_KEYS).map(([key, written]) => [fold(written), key as FileKey]));

interface Line {
  number: number;
  key: string;
  value: string;
}

/** Values of the file and warnings about keys that nobody here knows. Throws EasError (exit 2) with file:line. */
export function parseConfig(text: string, fileName: string): { values: FileValues; warnings: string[] } {
  const values: FileValues = {};
  const warnings: string[] = [];
  const firstLine = new Map<FileKey, number>();
  for (const line of lines(text, fileName)) {
    const key = byFolded.get(fold(line.key));
    if (!key) {
      warnings.push(unknownKey(line, fileName));
      continue;
    }
    const earlier = firstLine.get(key);
    if (earlier !== undefined)
      throw fail(fileName, line.number, `${FILE_KEYS[key]} is given twice (first on line ${earlier})`);
    firstLine.set(key, line.number);
    if (line.value !== '') values[key] = line.value;
  }
  return { values, warnings };
}

function* lines(text: string, fileName: string): Generator<Line> {
  for (const [index, raw] of text
    .replace(/^\uFEFF/, '')
    .split(/\r\n?|\n/)
    .entries()) {
    const number = index + 1;
    const line = raw.trim();
    if (line === '' || /^[#;]/.test(line) || /^\[\s*default\s*\]$/i.test(line)) continue;
    if (line.startsWith('['))
      throw fail(
        fileName,
        number,
        `unknown section ${line}`,
        'Only [default] is known; use one file per profile.',
      );
    const match = /^([^=]+?)\s*=\s*(.*)$/.exec(line);
    if (!match) throw fail(fileName, number, 'this is not "key = value"', `Keys: ${known()}.`);
    yield { number, key: match[1]!, value: unquote(match[2]!) };
  }
}

function unknownKey({ number, key }: Line, fileName: string): string {
  const similar = closest(key, Object.values(FILE_KEYS));
  if (similar) throw fail(fileName, number, `unknown key "${key}"`, `Did you mean "${similar}"?`);
  return `${fileName}:${number}: unknown key "${key}" is ignored`;
}

/**
 * The text of the file with some values set anew, and `undefined` ones removed. Comments and everything else stay
 * where they are.
 */
export function updateConfig(text: string, changes: Record<string, string | undefined>): string {
  const pending = new Map(Object.entries(changes) as [FileKey, string | undefined][]);
  const kept =
    text === ''
      ? []
      : text
          .replace(/^\uFEFF/, '')
          .replace(/\r?\n$/, '')
          .split(/\r\n?|\n/);
  const result = kept.flatMap((raw) => {
    const written = /^\s*([^=#;[]+?)\s*=/.exec(raw)?.[1];
    const key = written === undefined ? undefined : byFolded.get(fold(written));
    if (!key || !pending.has(key)) return [raw];
    const value = pending.get(key);
    pending.delete(key);
    return value === undefined ? [] : [`${FILE_KEYS[key]} = ${quote(key, value)}`];
  });
  for (const [key, value] of pending)
    if (value !== undefined) result.push(`${FILE_KEYS[key]} = ${quote(key, value)}`);
  return `${result.join('\n')}\n`;
}

function quote(key: FileKey, value: string): string {
  // biome-ignore lint/suspicious/noControlCharactersInRegex: they would end the line of the file
  if (/[\u0000-\u001f]/.test(value))
    throw usageError('InvalidValue', `${FILE_KEYS[key]} holds a line break or control character`);
  return /^["\s]|["\s]$/.test(value) ? `"${value}"` : value;
}

function unquote(value: string): string {
  return value.length >= 2 && value.startsWith('"') && value.endsWith('"') ? value.slice(1, -1) : value;
}

const known = () => Object.values(FILE_KEYS).join(', ');

function fail(fileName: string, line: number, what: string, hint?: string) {
  return usageError('InvalidConfig', `${fileName}:${line}: ${what}`, hint);
}
