import { expect, test } from 'bun:test';
import { predictionFailure } from '../../src/commands/predict/failure.ts';

/** Bodies of serving.md a.7: both are 503, and they mean different things. */
test.each([
  ['no healthy upstream', 'no instance is ready'],
  ['upstream connect error or disconnect/reset before headers', 'its instance ended'],
  ['upstream connect error or disconnect/reset before headers. reset reason: overflow', 'its instance ended'],
])('503 with "%s"', (body, meaning) => {
  const { message, hint, detail } = predictionFailure('echo', 503, body);
  expect(message).toStartWith(`Service [echo] answered 503: ${meaning}`);
  expect(hint).toStartWith('eascmd w echo shows');
  expect(detail).toEqual([body]);
});
