/** The three accents of stderr; plain text when colour is off. stdout never carries colour. */
export interface Colours {
  error(text: string): string;
  hint(text: string): string;
}

const plain: Colours = { error: (text) => text, hint: (text) => text };

export async function loadColours(isOn: boolean): Promise<Colours> {
  if (!isOn) return plain;
  const { Chalk } = await import('chalk');
  const chalk = new Chalk({ level: 1 });
  return { error: (text) => chalk.red(text), hint: (text) => chalk.dim(text) };
}
