interface CronField {
  name: string;
  min: number;
  max: number;
  names?: string[];
}

/** `sec min hour dom month dow` (openapi.md CreateServiceCronScaler). */
const FIELDS: CronField[] = [
  { name: 'second', min: 0, max: 59 },
  { name: 'minute', min: 0, max: 59 },
  { name: 'hour', min: 0, max: 23 },
  { name: 'day of month', min: 1, max: 31 },
  {
    name: 'month',
    min: 1,
    max: 12,
    names: ['JAN', 'FEB', 'MAR', 'APR', 'MAY', 'JUN', 'JUL', 'AUG', 'SEP', 'OCT', 'NOV', 'DEC'],
  },
  { name: 'day of week', min: 0, max: 6, names: ['SUN', 'MON', 'TUE', 'WED', 'THU', 'FRI', 'SAT'] },
];

export interface CronProblem {
  /** Offset in the expression. */
  at: number;
  what: string;
}

/** What is wrong with a 6-field cron expression and where, or undefined when it is legal. */
export function cronProblem(expression: string): CronProblem | undefined {
  const words = [...expression.matchAll(/\S+/g)];
  if (words.length !== FIELDS.length) {
    const form = FIELDS.map(({ name }) => name).join(', ');
    const count = words.length === 1 ? '1 field' : `${words.length} fields`;
    return { at: 0, what: `a schedule has 6 fields (${form}), this one has ${count}` };
  }
  for (const [index, word] of words.entries()) {
    const problem = fieldProblem(FIELDS[index]!, word[0]);
    if (problem) return { at: word.index + problem.at, what: problem.what };
  }
  return undefined;
}

function fieldProblem(field: CronField, text: string): CronProblem | undefined {
  let at = 0;
  for (const part of text.split(',')) {
    const what = partProblem(field, part);
    if (what) return { at, what: `${field.name}: ${what}` };
    at += part.length + 1;
  }
  return undefined;
}

function partProblem(field: CronField, part: string): string | undefined {
  const [range = '', step, ...more] = part.split('/');
  if (more.length > 0) return `"${part}" has more than one "/"`;
  if (step !== undefined && !(/^\d+$/.test(step) && Number(step) >= 1))
    return `the step "${step}" is not a whole number of at least 1`;
  if (range === '*') return undefined;
  const ends = range.split('-');
  if (ends.length > 2) return `"${range}" is not a range`;
  const values = ends.map((end) => numberOf(field, end));
  const wrong = values.indexOf(undefined);
  if (wrong >= 0) return `"${ends[wrong]}" is not ${acceptedIn(field)}`;
  const [first, last] = values as number[];
  return last !== undefined && first! > last ? `the range "${range}" runs backwards` : undefined;
}

function numberOf({ min, max, names }: CronField, text: string): number | undefined {
  const named = names?.indexOf(text.toUpperCase()) ?? -1;
  if (named >= 0) return min + named;
  const value = Number(text);
  return /^\d{1,2}$/.test(text) && value >= min && value <= max ? value : undefined;
}

function acceptedIn({ min, max, names }: CronField): string {
  return `a number from ${min} to ${max}${names ? ` or one of ${names.join(', ')}` : ''}, or *`;
}
