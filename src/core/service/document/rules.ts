export type FieldType =
  | 'string'
  | 'integer'
  | 'number'
  | 'boolean'
  | 'object'
  | 'array'
  | 'list of strings'
  | 'string or object'
  | 'integer or percentage';

export interface FieldRule {
  type: FieldType;
  min?: number;
  /** The value must be greater than this. */
  above?: number;
  max?: number;
  values?: readonly string[];
  pattern?: RegExp;
  /** Shown for `pattern`. */
  looksLike?: string;
  /** Whole numbers in the range that are taken. */
  except?: readonly number[];
  /** Members that are known; others may be newer than this program. */
  fields?: Readonly<Record<string, FieldRule>>;
  /** Every member of a list, or of a map whose names are free. */
  each?: FieldRule;
}

/** Whole numbers of the API have 32 bits (openapi.md, integer widths). */
export const INT32 = 2_147_483_647;

/** The accepted values in words, for error texts. */
export function accepted(rule: FieldRule): string {
  if (rule.values) return `one of ${rule.values.map((value) => `"${value}"`).join(', ')}`;
  if (rule.looksLike) return rule.looksLike;
  switch (rule.type) {
    case 'integer':
      return `a whole number${range(rule)}${rule.except ? `, except ${rule.except.join(' and ')}` : ''}`;
    case 'number':
      return `a number${range(rule)}`;
    case 'boolean':
      return 'true or false';
    case 'object':
      return 'an object {…}';
    case 'array':
      return 'a list […]';
    case 'list of strings':
      return 'a list of strings';
    case 'string':
      return 'text in double quotes';
    case 'string or object':
      return 'text in double quotes or an object {…}';
    case 'integer or percentage':
      return 'a whole number or a percentage such as "20%"';
  }
}

function range({ min, above, max }: FieldRule): string {
  if (above !== undefined) return ` above ${above}`;
  if (min === undefined) return '';
  return max === undefined || max === INT32 ? ` of at least ${min}` : ` from ${min} to ${max}`;
}

/** What is wrong with a value, or undefined when the rule accepts it. */
export function valueProblem(rule: FieldRule, value: unknown): string | undefined {
  return accepts(rule, value) ? undefined : `must be ${accepted(rule)}, not ${shown(value)}`;
}

function accepts(rule: FieldRule, value: unknown): boolean {
  switch (rule.type) {
    case 'string':
      if (typeof value !== 'string') return false;
      return (!rule.values || rule.values.includes(value)) && (!rule.pattern || rule.pattern.test(value));
    case 'boolean':
      // The samples write "true" and "false" as text (eascmd.md 3.2).
      return typeof value === 'boolean' || value === 'true' || value === 'false';
    case 'integer':
      return Number.isInteger(value) && inRange(rule, value as number);
    case 'number':
      return typeof value === 'number' && inRange(rule, value);
    case 'object':
      return isObject(value);
    case 'array':
      return Array.isArray(value);
    case 'list of strings':
      return Array.isArray(value) && value.every((item) => typeof item === 'string');
    case 'string or object':
      return typeof value === 'string' || isObject(value);
    case 'integer or percentage':
      if (typeof value === 'string') return /^\d{1,3}%$/.test(value);
      return Number.isInteger(value) && inRange(rule, value as number);
  }
}

function inRange({ min, above, max, except }: FieldRule, value: number): boolean {
  return (
    !except?.includes(value) &&
    value >= (min ?? -Infinity) &&
    value <= (max ?? Infinity) &&
    value > (above ?? -Infinity)
  );
}

export function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

function shown(value: unknown): string {
  const json = JSON.stringify(value);
  return json.length <= 40 ? json : `${json.slice(0, 39)}…`;
}
