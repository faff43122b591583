import type { BunPlugin } from 'bun';

interface Replacement {
  /** File of a package, as a path with forward slashes ends. */
  file: string;
  contents: (original: string) => string;
}

/** The names of undici that src/cloud uses; test/unit/build.test.ts holds the two together. */
export const undiciParts = {
  Agent: './lib/dispatcher/agent.js',
  ProxyAgent: './lib/dispatcher/proxy-agent.js',
};

/** For the bundler's `define`: undici without the parser that it only tries out, as Node carries it. */
export const stableUndici = { esbuildDetection: 'true' };

/** What the binary carries in place of package files that cost megabytes for nothing. */
const replacements: Replacement[] = [
  {
    // The HTTP client of ali-oss, which src/cloud/objects/transport.ts stands in for.
    file: '/urllib/lib/index.js',
    contents: () => 'exports.request = () => { throw new Error("urllib is not in the binary"); };',
  },
  {
    // undici's index pulls in fetch, WebSocket, caches and mocks. It also gives dispatchers their `request` and the like.
    file: '/undici/index.js',
    contents: () =>
      [
        "import Dispatcher from './lib/dispatcher/dispatcher.js';",
        "import api from './lib/api/index.js';",
        'Object.assign(Dispatcher.prototype, api);',
        ...Object.entries(undiciParts).map(([name, path]) => `export { default as ${name} } from '${path}';`),
      ].join('\n'),
  },
  {
    // The HTTP parser for machines without SIMD, on which Bun itself doesn't run; UNDICI_NO_WASM_SIMD asks for it all the same.
    file: '/undici/lib/llhttp/llhttp-wasm.js',
    contents: () => "module.exports = require('./llhttp_simd-wasm.js');",
  },
  {
    // Streams of the runtime for docker-modem, as the package offers (READABLE_STREAM=disable), not those of Node 10.
    file: '/readable-stream/readable.js',
    contents: () => "module.exports = require('stream');",
  },
  {
    // src/config takes proxies that speak HTTP.
    file: '/undici/lib/dispatcher/socks5-proxy-agent.js',
    contents: () =>
      'module.exports = class { constructor() { throw new Error("not part of this build"); } };',
  },
  {
    // src/cloud/predict speaks HTTP/1.1, like the vendor's SDKs (`allowH2: false`).
    file: '/undici/lib/dispatcher/client-h2.js',
    contents: () => 'module.exports = () => { throw new Error("not part of this build"); };',
  },
  {
    // undici's own FormData, as a body of requests: src/cloud sends bytes and streams.
    file: '/undici/lib/web/webidl/index.js',
    contents: () => 'exports.webidl = { is: { FormData: () => false } };',
  },
  ...['/undici/lib/web/fetch/formdata.js', '/undici/lib/web/fetch/body.js'].map((file) => ({
    file,
    contents: () => 'exports.extractBody = () => { throw new Error("FormData is not part of this build"); };',
  })),
  {
    // ali-oss asks it for Internet Explorer 10.
    file: '/bowser/src/bowser.js',
    contents: () => 'module.exports = {};',
  },
  {
    // Live channels of ali-oss (RTMP).
    file: '/jstoxml/dist/jstoxml.js',
    contents: () => 'exports.toXML = () => { throw new Error("not part of this build"); };',
  },
  {
    // pop-core reads replies with it for numbers beyond 2^53; the API's are read by us, and the one of STS holds texts.
    file: '/json-bigint/index.js',
    contents: () => 'module.exports = JSON;',
  },
  {
    // src/cloud reads the answers of the ROA client itself (`rawBody`), and seldom needs the RPC client.
    file: '/@alicloud/pop-core/index.js',
    contents: () =>
      [
        "exports.ROAClient = require('./lib/roa');",
        "Object.defineProperty(exports, 'RPCClient', { get: () => require('./lib/rpc') });",
      ].join('\n'),
  },
  {
    file: '/@alicloud/pop-core/lib/roa.js',
    contents: (original) => original.replace(/^const (xml2js|JSON) = require\(.*\);$/gm, ''),
  },
  {
    // ali-oss only reads XML; the writer brings xmlbuilder.
    file: '/xml2js/lib/builder.js',
    contents: () =>
      'exports.Builder = class { constructor() { throw new Error("not part of this build"); } };',
  },
  {
    // ora's own choice, with and without Unicode, out of ninety.
    file: '/cli-spinners/spinners.json',
    contents: (original) => {
      const { dots, line } = JSON.parse(original);
      return `export default ${JSON.stringify({ dots, line })};`;
    },
  },
  {
    // Content types of vendors' formats; an object of such a name is application/octet-stream.
    file: '/mime/types/other.js',
    contents: () => 'module.exports = {};',
  },
  {
    // Eight copies of a tracer that only DEBUG=… of the packages' own authors turns on.
    file: '/debug/src/index.js',
    contents: () => 'const silent = () => {}; silent.enabled = false; module.exports = () => silent;',
  },
  {
    // qs asks for it to word one error.
    file: '/object-inspect/index.js',
    contents: () => 'module.exports = String;',
  },
  {
    // ali-oss names the platform in its User-Agent when this has found one; under Bun it names the system itself.
    file: '/platform/platform.js',
    contents: () => 'module.exports = {};',
  },
  ...[
    '/dockerode/lib/session.js',
    '/dockerode/lib/buildkit.js',
    '/docker-modem/lib/ssh.js',
    '/tar-fs/index.js',
    '/@balena/dockerignore/ignore.js',
  ].map((file) => ({
    // BuildKit sessions (gRPC, protobuf), build contexts, SSH: src/docker builds no images and refuses ssh:// itself.
    file,
    contents: () => 'module.exports = () => { throw new Error("not part of this build"); };',
  })),
];

export const slim: BunPlugin = {
  name: 'slim',
  setup(build) {
    for (const { file, contents } of replacements) {
      const filter = new RegExp(`${file.replaceAll('.', '\\.').replaceAll('/', '[\\\\/]')}$`);
      build.onLoad({ filter }, async ({ path }) => ({
        contents: contents(await Bun.file(path).text()),
        loader: 'js',
      }));
    }
  },
};
