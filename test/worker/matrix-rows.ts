import { execFileSync } from 'node:child_process';
import { readFileSync, renameSync, writeFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import type { Tool } from '../support/needs.ts';
import { jar, javac } from './java-apps.ts';
import { writeFiles } from './packages.ts';

const examples = resolve(import.meta.dir, '../../examples');

/** A request, and what every way to run the processor answers to it. */
export interface Exchange {
  what: string;
  body: Uint8Array;
  answer: Uint8Array;
}

export interface Row {
  name: string;
  /** Of `processor_type`. */
  language: 'cpp' | 'java' | 'python';
  tools: Tool[];
  /** Of the image that it runs in under docker; that of the language when absent. */
  image?: 'cpp';
  /** Builds the package in `folder` and returns the fields of the service JSON that name it and its model. */
  build(folder: string, eascmd: (...args: string[]) => Promise<void>): Promise<Record<string, string>>;
  exchanges: Exchange[];
}

const run = (cwd: string, ...command: [string, ...string[]]) =>
  execFileSync(command[0], command.slice(1), { cwd, stdio: ['ignore', 'ignore', 'inherit'] });

const every = Uint8Array.from({ length: 256 }, (_, byte) => byte);
const echoed = (
  [
    ['text', Buffer.from('hello 模型\r\n')],
    ['every byte', every],
    ['nothing', new Uint8Array(0)],
    ['3 MB', new Uint8Array(3_000_000).map((_, at) => at * 31)],
  ] as [string, Uint8Array][]
).map(([what, body]) => ({ what, body, answer: body }));

function library(folder: string, source: string): Record<string, string> {
  const flags = ['-std=c++11', '-O1', '-pthread', '-shared', '-fPIC'];
  run(folder, 'g++', ...flags, '-o', 'libp.so', source);
  run(folder, 'tar', 'czf', 'p.tar.gz', 'libp.so');
  return { processor_path: join(folder, 'p.tar.gz'), processor_entry: 'libp.so' };
}

export const rows: Row[] = [
  {
    name: 'C++ echo',
    language: 'cpp',
    tools: ['g++', 'tar'],
    build: async (folder) => library(folder, join(examples, 'echo-cpp/echo.cpp')),
    exchanges: echoed,
  },
  {
    name: "C++ by the contract of the vendor's sample",
    language: 'cpp',
    tools: ['g++', 'tar'],
    async build(folder) {
      writeFiles(folder, { 'sample.cpp': SAMPLE, 'model/scorecard.pmml': '<PMML/>' });
      return { ...library(folder, 'sample.cpp'), model_path: join(folder, 'model') };
    },
    exchanges: [
      {
        what: 'text',
        body: Buffer.from('hello'),
        answer: Buffer.from('{"modelfiles": "scorecard.pmml", "inputcontent", "hello"}'),
      },
    ],
  },
  {
    name: 'C++ that loads a model and computes with threads',
    language: 'cpp',
    tools: ['g++', 'tar'],
    async build(folder) {
      const model = join(examples, 'digits/model-v1');
      const built = library(folder, join(examples, 'digits-cpp/digits.cpp'));
      return { ...built, model_path: model, model_entry: 'weights.json' };
    },
    exchanges: [
      { what: '360 images', body: readFileSync(join(examples, 'digits/heldout.jsonl')), answer: digits() },
    ],
  },
  {
    name: 'Java echo',
    language: 'java',
    tools: ['java'],
    async build(folder) {
      javac(['-d', join(folder, 'classes'), join(examples, 'echo-java/Echo.java')]);
      jar(join(folder, 'echo.jar'), join(folder, 'classes'), '.');
      return {
        processor_path: join(folder, 'echo.jar'),
        processor_entry: 'echo.jar',
        processor_mainclass: 'com.example.Echo',
      };
    },
    exchanges: echoed,
  },
  {
    name: 'Java with a dependency in lib/',
    language: 'java',
    tools: ['java', 'tar'],
    async build(folder) {
      writeFiles(folder, { 'Sum.java': SUM, 'Checks.java': CHECKS });
      javac(['-d', join(folder, 'dependency'), join(folder, 'Checks.java')]);
      execFileSync('mkdir', ['-p', join(folder, 'package/lib')]);
      jar(join(folder, 'package/lib/checks-1.0.jar'), join(folder, 'dependency'), '.');
      const path = join(folder, 'package/lib/checks-1.0.jar');
      javac(['-cp', path, '-d', join(folder, 'classes'), join(folder, 'Sum.java')]);
      jar(join(folder, 'package/sum.jar'), join(folder, 'classes'), '.');
      run(folder, 'tar', 'czf', 'sum.tar.gz', '-C', 'package', '.');
      return {
        processor_path: join(folder, 'sum.tar.gz'),
        processor_entry: 'sum.jar',
        processor_mainclass: 'com.example.Sum',
      };
    },
    // The check value of CRC-32 that its catalogues give.
    exchanges: [{ what: 'digits', body: Buffer.from('123456789'), answer: Buffer.from('cbf43926') }],
  },
  {
    name: 'Python echo',
    language: 'python',
    tools: ['python3'],
    build: async () => ({
      processor_path: join(examples, 'echo-python/app.py'),
      processor_entry: './app.py',
    }),
    exchanges: echoed,
  },
  {
    name: 'Python with an ENV of its own',
    language: 'python',
    tools: ['python3'],
    // An image without any Python: the package brings it.
    image: 'cpp',
    async build(folder, eascmd) {
      const asked = execFileSync('python3', ['-c', 'import sys; print("%d.%d" % sys.version_info[:2])']);
      const python = asked.toString().trim();
      await eascmd('pysdk', 'init', join(folder, 'env'), '--python', python, '--using', 'copy');
      writeFileSync(join(folder, 'env/app.py'), ENV_APP);
      await eascmd('pysdk', 'pack', join(folder, 'env'));
      // What runs is what was packed.
      renameSync(join(folder, 'env/ENV'), join(folder, 'away'));
      return { processor_path: join(folder, 'env.tar.gz'), processor_entry: './app.py' };
    },
    exchanges: [{ what: 'who', body: Buffer.from('x'), answer: Buffer.from('x by ENV/bin/python') }],
  },
];

/** Lists the model's folder by model_entry, allocates with strdup, and answers no JSON: as the published sample does. */
const SAMPLE = `#include <cstdio>
#include <cstring>
#include <dirent.h>
#include <string>
extern "C" void *initialize(const char *model_entry, const char *, int *state) {
  std::string files;
  DIR *folder = opendir(model_entry);
  if (!folder) { *state = 400; return nullptr; }
  while (dirent *entry = readdir(folder)) if (entry->d_name[0] != '.') files += entry->d_name;
  closedir(folder);
  *state = 0;
  return new std::string(files);
}
extern "C" int process(void *model, const void *input, int size, void **output, int *output_size) {
  std::string text((const char *)input, size);
  char answer[BUFSIZ];
  snprintf(answer, sizeof answer, "{\\"modelfiles\\": \\"%s\\", \\"inputcontent\\", \\"%s\\"}",
           ((std::string *)model)->c_str(), text.c_str());
  *output = strdup(answer);
  *output_size = strlen(answer);
  return 200;
}
`;

const CHECKS = `package com.example.checks;
public class Checks {
  public static String crc32(byte[] data) {
    java.util.zip.CRC32 crc = new java.util.zip.CRC32();
    crc.update(data, 0, data.length);
    return Long.toHexString(crc.getValue());
  }
}
`;

const SUM = `package com.example;
public class Sum {
  public Sum(String modelEntry, String modelConfig) {}
  public void Load() {}
  public byte[] Process(byte[] input) { return com.example.checks.Checks.crc32(input).getBytes(); }
}
`;

const ENV_APP = `import os, sys
import allspark

class App(allspark.BaseProcessor):
    def process(self, data):
        here = os.path.relpath(sys.executable, os.getcwd())
        return data + b" by " + here.encode(), 200

App(worker_threads=2).run()
`;

/** The digits of the held-out images, computed here from the weights that examples/digits/train.py wrote. */
function digits(): Uint8Array {
  const read = (name: string) => readFileSync(join(examples, 'digits', name), 'utf8');
  const { scale, layers } = JSON.parse(read('model-v1/weights.json')) as {
    scale: number;
    layers: { weights: number[][]; bias: number[] }[];
  };
  const answers = read('heldout.jsonl')
    .trim()
    .split('\n')
    .map((line) => {
      let values = (JSON.parse(line).pixels as number[]).map((pixel) => pixel / scale);
      for (const [number, { weights, bias }] of layers.entries()) {
        const active = number === 0 ? values : values.map((value) => Math.max(value, 0));
        values = weights.map((row, at) =>
          row.reduce((sum, weight, column) => sum + weight * active[column]!, bias[at]!),
        );
      }
      return values.indexOf(Math.max(...values));
    });
  return Buffer.from(answers.map((digit) => `${digit}\n`).join(''));
}
