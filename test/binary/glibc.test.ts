import { expect } from 'bun:test';
import { ownBinary } from '../../scripts/build/config.ts';
import { needs } from '../support/needs.ts';

/** The C library of CentOS 7. */
const OLDEST = [2, 17];

/** Names of the form GLIBC_2.14 that the binary asks for, and the libraries it needs. */
function demands(file: string) {
  const read = (...flags: string[]) => Bun.spawnSync(['readelf', ...flags, file]).stdout.toString();
  const versions = [...read('-W', '-V').matchAll(/Name: (GLIBC_[0-9.]+|GLIBCXX_[0-9.]+|GCC_[0-9.]+)/g)];
  const libraries = [...read('-W', '-d').matchAll(/\(NEEDED\).*\[(.*)\]/g)];
  return {
    versions: [...new Set(versions.map((match) => match[1]!))],
    libraries: libraries.map((match) => match[1]!),
  };
}

needs('linux', 'readelf')('the binary runs on systems of the age of CentOS 7: glibc 2.17', () => {
  const { versions, libraries } = demands(ownBinary);
  expect(versions.length).toBeGreaterThan(0);
  const tooNew = versions.filter((name) => {
    const [major = 0, minor = 0] = name.replace(/^.*_/, '').split('.').map(Number);
    return name.startsWith('GLIBC_') && (major > OLDEST[0]! || (major === OLDEST[0] && minor > OLDEST[1]!));
  });
  expect(tooNew).toEqual([]);
  // The C++ library of such a system would be too old for anything.
  const ofGlibc = /^(ld-linux-.*|lib(c|m|dl|pthread|rt))\.so\.\d+$/;
  expect(libraries.filter((name) => !ofGlibc.test(name))).toEqual([]);
  return undefined;
});
