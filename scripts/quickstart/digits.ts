import { join } from 'node:path';
import { StepFailed } from './shell.ts';

interface Answer {
  digit: number;
  version: number;
}

interface Report {
  versions: Record<string, { correct: number; accuracy: number; predictions: string }>;
}

export interface Score {
  images: number;
  correct: number;
  /** Share of right answers, rounded as train.py rounds it. */
  accuracy: number;
}

/**
 * Compares the answers of the service, one JSON document a line, with the labels and with what scikit-learn itself
 * predicted for the same images (report.json). Throws StepFailed when a single digit differs from that.
 */
export async function score(folder: string, answersFile: string, version: number): Promise<Score> {
  const answers = (await linesOf(join(folder, answersFile))).map((line) => JSON.parse(line) as Answer);
  const labels = await linesOf(join(folder, 'heldout.labels'));
  const report = ((await Bun.file(join(folder, 'report.json')).json()) as Report).versions[version];
  if (!report) throw new StepFailed(`report.json says nothing of version ${version}`);
  if (answers.length !== labels.length)
    throw new StepFailed(`${answers.length} answers came for ${labels.length} images`);
  const digits = answers.map(({ digit }) => digit).join('');
  if (digits !== report.predictions)
    throw new StepFailed(`the service and scikit-learn disagree:\n${digits}\n${report.predictions}`);
  const correct = answers.filter(({ digit }, at) => String(digit) === labels[at]).length;
  const accuracy = Number((correct / labels.length).toFixed(6));
  if (accuracy !== report.accuracy)
    throw new StepFailed(`accuracy is ${accuracy}, report.json has ${report.accuracy}`);
  return { images: labels.length, correct, accuracy };
}

/** Version of the model that gave this answer. */
export function versionOf(answer: string): number {
  return (JSON.parse(answer) as Answer).version;
}

async function linesOf(file: string): Promise<string[]> {
  return (await Bun.file(file).text()).trimEnd().split('\n');
}
