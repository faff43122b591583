import { describe, expect, test } from 'bun:test';
import { EasError } from '../../src/core/errors.ts';
import { confirm } from '../../src/ui/prompts.ts';
import { startSpinner } from '../../src/ui/spinner.ts';
import { type FakeIoOptions, fakeIo } from '../support/fake-io.ts';

const question = 'Are you sure to delete the service [digits] in [local]?';

async function asked(options: FakeIoOptions) {
  const io = fakeIo(options);
  const answer = await confirm(io, question, new AbortController().signal).catch((error) => error);
  return { io, answer };
}

describe('a question', () => {
  test('stands on stderr, word for word, and leaves stdout alone', async () => {
    const { io } = await asked({ stdin: 'Y\n' });
    expect(io.err()).toStartWith('Are you sure to delete the service [digits] in [local]? [Y/n] ');
    expect(io.out()).toBe('');
  });

  test.each([
    ['Y\n', true],
    ['y', true],
    ['yes\r\n', true],
    ['n\n', false],
    ['No\n', false],
  ])('the piped answer %p means %p', async (stdin, expected) => {
    expect((await asked({ stdin })).answer).toBe(expected);
  });

  test.each(['', '\n', 'maybe\n'])('piped %p is no answer: refused with exit 2', async (stdin) => {
    const { answer } = await asked({ stdin });
    expect(answer).toBeInstanceOf(EasError);
    expect([answer.code, answer.exit]).toEqual(['ConfirmationRequired', 2]);
    expect(answer.hint).toContain('--yes');
  });

  test('a pipe that stays silent does not hang', async () => {
    expect((await asked({})).answer.code).toBe('ConfirmationRequired');
  });

  test('Enter means yes on a terminal', async () => {
    expect((await asked({ stdin: '\n', stdinIsTty: true })).answer).toBe(true);
  });

  test('a terminal is asked again when the answer is neither', async () => {
    const { io, answer } = await asked({ stdin: 'what\nn\n', stdinIsTty: true });
    expect(answer).toBe(false);
    expect(io.err().match(/\[Y\/n\]/g)).toHaveLength(2);
  });

  test('end of input on a terminal is no answer', async () => {
    expect((await asked({ stdin: '', stdinIsTty: true })).answer.code).toBe('ConfirmationRequired');
  });
});

describe('the spinner', () => {
  test('is silent off a terminal', async () => {
    const io = fakeIo();
    const spinner = await startSpinner(io, true, 'Waiting');
    spinner.update('still waiting');
    spinner.stop();
    expect(io.err()).toBe('');
  });

  test('shows on stderr of a terminal and leaves it clean', async () => {
    const io = fakeIo({ isTty: true });
    const spinner = await startSpinner(io, true, 'Waiting for service [digits]');
    await Bun.sleep(120);
    spinner.stop();
    expect(io.err()).toContain('Waiting for service [digits]');
    expect(io.out()).toBe('');
  });
});
