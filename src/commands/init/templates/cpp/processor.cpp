// A C++ processor of PAI-EAS. The example model is a line, y = w * x + b; a request is whole numbers x, parted by
// spaces, and the answer is their y. Replace Model, load and predict with your own.
#include <cstdlib>
#include <cstring>
#include <fstream>
#include <iostream>
#include <sstream>
#include <stdexcept>
#include <string>

namespace {

struct Model {
  long long w = 0;
  long long b = 0;
};

Model *load(const std::string &path) {
  std::ifstream file(path);
  Model model;
  if (!(file >> model.w >> model.b)) throw std::runtime_error("no weights in " + path);
  return new Model(model);
}

std::string predict(const Model &model, const std::string &request) {
  std::istringstream words(request);
  std::string word, answer;
  while (words >> word) {
    char *end = nullptr;
    long long x = std::strtoll(word.c_str(), &end, 10);
    if (*end != '\0') throw std::invalid_argument("not a whole number: " + word);
    if (!answer.empty()) answer += ' ';
    answer += std::to_string(model.w * x + model.b);
  }
  return answer;
}

// The host frees what it is given, so it must come from malloc.
void give(const std::string &text, void **output, int *size) {
  *output = std::malloc(text.size() + 1);
  if (*output == nullptr) throw std::bad_alloc();
  std::memcpy(*output, text.data(), text.size());
  *size = static_cast<int>(text.size());
}

}  // namespace

extern "C" {

// Called once, before the first request. A state other than 0 stops the service from starting.
void *initialize(const char *model_entry, const char *model_config, int *state) {
  (void)model_config;
  try {
    Model *model = load(model_entry);
    *state = 0;
    return model;
  } catch (const std::exception &problem) {
    std::cerr << problem.what() << std::endl;
    *state = -1;
    return nullptr;
  }
}

// Called by several threads at once. The input ends where its size says, not at a NUL. No exception may leave.
int process(void *model, const void *input, int input_size, void **output, int *output_size) {
  try {
    std::string request(static_cast<const char *>(input), input_size);
    give(predict(*static_cast<const Model *>(model), request), output, output_size);
    return 200;
  } catch (const std::invalid_argument &problem) {
    give(problem.what(), output, output_size);
    return 400;
  }
}
}
