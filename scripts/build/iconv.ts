import type { BunPlugin } from 'bun';

/**
 * ali-oss brings iconv-lite, whose tables are a quarter of the whole bundle, to decode text replies in the charset
 * that the server names. Bun's own TextDecoder does the same, so the binary carries that instead.
 */
export const textDecoderForIconv: BunPlugin = {
  name: 'text-decoder-for-iconv',
  setup(build) {
    build.onLoad({ filter: /[\\/]iconv-lite[\\/]lib[\\/]index\.js$/ }, () => ({
      contents: 'exports.decode = (bytes, charset) => new TextDecoder(charset).decode(bytes);',
      loader: 'js',
    }));
  },
};
