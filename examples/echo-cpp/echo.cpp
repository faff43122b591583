// Answers every request with its own body: the smallest C++ processor of PAI-EAS.
//
//   g++ -O2 -shared -fPIC -o libecho.so echo.cpp
//   tar czf echo-cpp.tar.gz libecho.so
#include <cstdlib>
#include <cstring>

namespace {
struct Model {};
}  // namespace

extern "C" {

void *initialize(const char *model_entry, const char *model_config, int *state) {
  (void)model_entry;
  (void)model_config;
  *state = 0;
  return new Model;
}

int process(void *model_buf, const void *input_data, int input_size, void **output_data, int *output_size) {
  (void)model_buf;
  // The host frees what it is given, and the input ends where its size says, not at a NUL.
  void *answer = std::malloc(input_size > 0 ? input_size : 1);
  if (answer == nullptr) return 500;
  std::memcpy(answer, input_data, input_size);
  *output_data = answer;
  *output_size = input_size;
  return 200;
}
}
