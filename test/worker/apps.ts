/** A Python processor that does what the body says. */
export const PYTHON_APP = `
import os, signal, sys, threading, time
import allspark

class App(allspark.BaseProcessor):
    def initialize(self):
        print("loading the model", flush=True)

    def process(self, data):
        verb, _, rest = data.partition(b":")
        if verb == b"sleep":
            time.sleep(float(rest))
            return b"slept", 200
        if verb == b"loop":
            while True:
                pass
        if verb == b"raise":
            raise ValueError(rest.decode())
        if verb == b"code":
            return b"code body", int(rest)
        if verb == b"text":
            return "text \\u6a21", 200
        if verb == b"none":
            return None
        if verb == b"exit":
            print("leaving now", file=sys.stderr, flush=True)
            os._exit(int(rest))
        if verb == b"segv":
            os.kill(os.getpid(), signal.SIGSEGV)
            time.sleep(10)
        if verb == b"pid":
            return str(os.getpid()).encode(), 200
        if verb == b"child":
            import subprocess
            return str(subprocess.Popen(["sleep", "600"]).pid).encode(), 200
        if verb == b"flood":
            line = b"x" * 65535 + b"\\n"
            def flood():
                for _ in range(int(rest)):
                    os.write(1, line)
            threading.Thread(target=flood).start()
            return b"flooding", 200
        if verb == b"model":
            return open(os.path.join(self.get_model_path(), "m.txt"), "rb").read(), 200
        if verb == b"env":
            return os.environ.get(rest.decode(), "").encode(), 200
        if verb == b"prop":
            return allspark.default_properties().get(rest.decode()), 200
        if verb == b"put":
            name, _, value = rest.partition(b"=")
            allspark.default_properties().put(name, value)
            return b"put", 200
        return data, 200

App(worker_threads=int(os.environ.get("THREADS", "5"))).run()
`;

/** The same idea in C++: the first byte of the body says what to do. */
export const CPP_APP = `
#include <atomic>
#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <string>
#include <unistd.h>
static std::atomic<int> together{0};
static std::string entry, config;
static char fixed[] = "static memory";
extern "C" void *initialize(const char *model_entry, const char *model_config, int *state) {
  entry = model_entry; config = model_config; printf("loading %s\\n", model_entry); *state = 0; return nullptr;
}
static int reply(const std::string &text, void **out, int *size, int code) {
  *out = malloc(text.size() + 1); memcpy(*out, text.data(), text.size()); *size = text.size(); return code;
}
extern "C" int process(void *model, const void *in, int size, void **out, int *out_size) {
  std::string data((const char *)in, size);
  std::string rest = size > 1 ? data.substr(1) : "";
  switch (size > 0 ? data[0] : 0) {
    case 'c': return reply("code body", out, out_size, atoi(rest.c_str()));
    case 'n': return 200;
    case 'm': return reply(model == nullptr ? "null model" : "model", out, out_size, 0);
    case 'e': return reply(entry + "|" + config, out, out_size, 200);
    case 's': usleep(atoi(rest.c_str()) * 1000); return reply("slept", out, out_size, 200);
    case 'f': *out = fixed; *out_size = sizeof fixed - 1; return 200;
    case 'b': together++; while (together < 5) usleep(1000); return reply("together", out, out_size, 200);
    case 'x': *(volatile int *)8 = 1; return 200;
    case 't': throw 1;
    case 'w': { char cwd[4096]; return reply(getcwd(cwd, sizeof cwd), out, out_size, 200); }
    case 'p': return reply(std::to_string(getpid()), out, out_size, 200);
    default: return reply(data, out, out_size, 200);
  }
}
`;
