// The classifier of examples/digits as a C++ processor of PAI-EAS: it reads the same weights.json, one thread for each
// layer, and answers a request of many images with one thread for each core.
//
//   g++ -std=c++11 -O2 -pthread -shared -fPIC -o libdigits.so digits.cpp
//   tar czf digits-cpp.tar.gz libdigits.so
//
// A request is one image a line, {"pixels": [64 numbers from 0 to 16]}; the answer is one digit a line.
#include <algorithm>
#include <cstdlib>
#include <cstring>
#include <exception>
#include <fstream>
#include <iostream>
#include <sstream>
#include <stdexcept>
#include <string>
#include <thread>
#include <vector>

namespace {

typedef std::vector<double> Numbers;

struct Layer {
  std::vector<Numbers> weights;
  Numbers bias;
};

struct Model {
  double scale = 1;
  std::vector<Layer> layers;
};

// Finds what follows "key": in JSON, from `at` on; std::string::npos when there is none.
size_t valueOf(const std::string &json, const std::string &key, size_t at = 0) {
  size_t found = json.find("\"" + key + "\"", at);
  return found == std::string::npos ? found : json.find_first_not_of(" \t\r\n:", found + key.size() + 2);
}

// Reads [1, 2, …] and leaves `at` behind the bracket.
Numbers numbersAt(const std::string &json, size_t &at) {
  Numbers numbers;
  if (at >= json.size() || json[at] != '[') throw std::invalid_argument("a list of numbers is expected");
  at++;
  for (;;) {
    at = json.find_first_not_of(" \t\r\n,", at);
    if (at == std::string::npos) throw std::invalid_argument("a list does not end");
    if (json[at] == ']') break;
    char *end = nullptr;
    numbers.push_back(std::strtod(json.c_str() + at, &end));
    size_t next = end - json.c_str();
    if (next == at) throw std::invalid_argument("a list holds something else than numbers");
    at = next;
  }
  at++;
  return numbers;
}

Layer layerAt(const std::string &json, size_t at) {
  Layer layer;
  size_t rows = valueOf(json, "weights", at) + 1;
  for (;;) {
    rows = json.find_first_not_of(" \t\r\n,", rows);
    if (json.at(rows) == ']') break;
    layer.weights.push_back(numbersAt(json, rows));
  }
  size_t bias = valueOf(json, "bias", at);
  layer.bias = numbersAt(json, bias);
  return layer;
}

// Runs work(0) … work(count - 1) on threads of their own; what one of them throws is thrown here.
template <typename Work>
void onThreads(size_t count, Work work) {
  std::vector<std::thread> threads;
  std::vector<std::exception_ptr> problems(count);
  for (size_t number = 0; number < count; number++)
    threads.emplace_back([number, &work, &problems] {
      try {
        work(number);
      } catch (...) {
        problems[number] = std::current_exception();
      }
    });
  for (std::thread &thread : threads) thread.join();
  for (const std::exception_ptr &problem : problems)
    if (problem) std::rethrow_exception(problem);
}

Model *load(const std::string &path) {
  std::ifstream file(path);
  std::stringstream text;
  if (!file || !(text << file.rdbuf())) throw std::runtime_error("can't read " + path);
  std::string json = text.str();
  size_t scale = valueOf(json, "scale");
  std::vector<size_t> places;
  for (size_t at = valueOf(json, "weights"); at != std::string::npos; at = valueOf(json, "weights", at))
    places.push_back(json.rfind('{', at));
  if (scale == std::string::npos || places.empty()) throw std::runtime_error(path + " is no model of digits");
  Model *model = new Model;
  model->scale = std::strtod(json.c_str() + scale, nullptr);
  model->layers.resize(places.size());
  onThreads(places.size(), [&](size_t number) { model->layers[number] = layerAt(json, places[number]); });
  return model;
}

// A multi-layer perceptron with ReLU between the layers.
int classify(const Model &model, const std::string &image) {
  size_t at = valueOf(image, "pixels");
  Numbers values = numbersAt(image, at);
  if (values.size() != 64) throw std::invalid_argument("an image has 64 pixels");
  for (double &value : values) value /= model.scale;
  for (size_t number = 0; number < model.layers.size(); number++) {
    const Layer &layer = model.layers[number];
    Numbers next(layer.bias);
    for (size_t row = 0; row < next.size(); row++)
      for (size_t column = 0; column < values.size(); column++)
        next[row] += layer.weights[row][column] * (number > 0 ? std::max(values[column], 0.0) : values[column]);
    values.swap(next);
  }
  return std::max_element(values.begin(), values.end()) - values.begin();
}

std::string classifyAll(const Model &model, const std::string &request) {
  std::vector<std::string> images;
  std::istringstream lines(request);
  for (std::string line; std::getline(lines, line);)
    if (line.find_first_not_of(" \t\r") != std::string::npos) images.push_back(line);
  std::vector<int> digits(images.size());
  size_t threads = std::max<size_t>(1, std::min<size_t>(std::thread::hardware_concurrency(), images.size()));
  onThreads(threads, [&](size_t number) {
    for (size_t at = number; at < images.size(); at += threads) digits[at] = classify(model, images[at]);
  });
  std::string answer;
  for (int digit : digits) answer += std::to_string(digit) + "\n";
  return answer;
}

// The host frees what it is given, so it must come from malloc.
int give(const std::string &text, int status, void **output, int *size) {
  *output = std::malloc(text.size() + 1);
  if (*output == nullptr) return 500;
  std::memcpy(*output, text.data(), text.size());
  *size = static_cast<int>(text.size());
  return status;
}

}  // namespace

extern "C" {

void *initialize(const char *model_entry, const char *model_config, int *state) {
  (void)model_config;
  try {
    Model *model = load(model_entry);
    std::cout << "loaded " << model->layers.size() << " layers" << std::endl;
    *state = 0;
    return model;
  } catch (const std::exception &problem) {
    std::cerr << problem.what() << std::endl;
    *state = -1;
    return nullptr;
  }
}

int process(void *model, const void *input, int input_size, void **output, int *output_size) {
  try {
    std::string request(static_cast<const char *>(input), input_size);
    return give(classifyAll(*static_cast<const Model *>(model), request), 200, output, output_size);
  } catch (const std::exception &problem) {
    return give(problem.what(), 400, output, output_size);
  }
}
}
