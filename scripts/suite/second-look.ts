export interface FailedFile {
  path: string;
  tests: string[];
}

const MOST_FILES = 3;

/**
 * Reads a report of `bun test --reporter=junit`: the files in which tests failed, with the names of those tests. Files
 * with more suites than one (`describe`) are one entry.
 */
export function failedFiles(report: string): FailedFile[] {
  const files = new Map<string, string[]>();
  for (const [, attributes = '', body = ''] of report.matchAll(/<testcase ([^>]*[^/])>(.*?)<\/testcase>/gs)) {
    if (!body.includes('<failure')) continue;
    const path = attribute(attributes, 'file');
    const tests = files.get(path) ?? [];
    tests.push(attribute(attributes, 'name'));
    files.set(path, tests);
  }
  return [...files].map(([path, tests]) => ({ path, tests }));
}

/**
 * Whether these deserve a second run, alone: a machine shared with others makes a test late now and then. Not when many
 * files fail, nor when something failed that the report does not name.
 */
export function deserveSecondLook(files: FailedFile[], failed: number): boolean {
  const named = files.reduce((sum, { tests }) => sum + tests.length, 0);
  return files.length > 0 && files.length <= MOST_FILES && named === failed;
}

const ENTITIES: Record<string, string> = { amp: '&', quot: '"', lt: '<', gt: '>', apos: "'" };

function attribute(attributes: string, name: string): string {
  const text = new RegExp(`(?:^| )${name}="([^"]*)"`).exec(attributes)?.[1] ?? '';
  return text.replace(/&(\w+);/g, (whole, entity) => ENTITIES[entity] ?? whole);
}
