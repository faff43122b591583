import { afterEach, expect, test } from 'bun:test';
import { callerUid } from '../../src/cloud/caller-uid.ts';
import { type Answer, type Recorder, record, reply } from '../support/recorder.ts';

const keys = { accessKeyId: 'id', accessKeySecret: 'hidden-secret', securityToken: 'sts' };
let server: Recorder;
afterEach(() => server.stop());
const ask = (answer: Answer) => {
  server = record(answer);
  return callerUid(keys, { stsUrl: server.url });
};

test('STS tells the account of the AccessKey', async () => {
  const identity = { AccountId: '1828488879220000', UserId: '2', Arn: 'a', RequestId: 'R' };
  expect(await ask(() => reply(identity))).toBe('1828488879220000');
  const query = Object.fromEntries(new URL(server.requests[0]!.target, 'http://x').searchParams);
  expect(query).toMatchObject({
    Action: 'GetCallerIdentity',
    Version: '2015-04-01',
    AccessKeyId: 'id',
    SecurityToken: 'sts',
  });
});

test('a wrong AccessKey is exit 4, and its signature stays out of the text', async () => {
  const refusal = () =>
    reply({ Code: 'InvalidAccessKeyId.NotFound', Message: 'no such key', RequestId: 'R9' }, 404);
  const error = await ask(refusal).catch((thrown) => thrown);
  expect(error).toMatchObject({
    code: 'InvalidAccessKeyId.NotFound',
    exit: 4,
    requestId: 'R9',
    message: 'no such key',
  });
});

test.each<[string, Answer]>([
  ['a web page', () => new Response('<html/>', { headers: { 'content-type': 'text/html' } })],
  ['an empty object', () => reply({})],
])('%s is no identity', async (_, answer) => {
  expect(await ask(answer).catch((thrown) => thrown)).toMatchObject({ code: 'UnexpectedReply', exit: 1 });
});

test('an address where nothing listens', async () => {
  server = record(() => reply({}));
  server.stop();
  const error = await callerUid(keys, { stsUrl: server.url }).catch((thrown) => thrown);
  expect(error).toMatchObject({ code: 'ConnectionRefused', message: `nothing listens at ${server.url}` });
});
