// SPDX-License-Identifier: Apache-2.0
// What the mapping of an alert costs beside the least that any program must do with it: a RapidJSON
// parse and write of the same bytes. One line: alerts, nanoseconds of each, and their ratio. The
// goal is 3.0: bench_mapping tests/fixtures/alerts/families.ndjson
#include <rapidjson/document.h>
#include <rapidjson/stringbuffer.h>
#include <rapidjson/writer.h>

#include <algorithm>
#include <chrono>
#include <cstdio>
#include <fstream>
#include <string>
#include <vector>

#include "json/value.h"
#include "mapping/mapping.h"
#include "wazuh/alert.h"

namespace {

using socbridge::json::Document;
namespace mapping = socbridge::mapping;

// Alerts of a file of JSON Lines; of lines with a member `alert` that member.
std::vector<std::string> read(const char* path) {
  std::vector<std::string> out;
  std::ifstream in(path);
  for (std::string line; std::getline(in, line);) {
    const auto document = Document::parse(line);
    if (!document.ok()) continue;
    const auto inner = document->root()["alert"];
    out.push_back(inner.is_object() ? inner.dump() : line);
  }
  return out;
}

template <typename Work>
double best_of(int rounds, const Work& work) {
  double best = 1e18;
  for (int i = 0; i < rounds; ++i) {
    const auto start = std::chrono::steady_clock::now();
    work();
    const std::chrono::duration<double, std::nano> took = std::chrono::steady_clock::now() - start;
    best = std::min(best, took.count());
  }
  return best;
}

}  // namespace

int main(int argc, char** argv) {
  std::vector<std::string> alerts;
  for (int i = 1; i < argc; ++i) {
    const auto more = read(argv[i]);
    alerts.insert(alerts.end(), more.begin(), more.end());
  }
  if (alerts.empty()) return 2;
  constexpr int kRounds = 15;
  std::size_t sum = 0;
  const double floor = best_of(kRounds, [&] {
    for (const std::string& text : alerts) {
      rapidjson::Document document;
      document.Parse(text.data(), text.size());
      rapidjson::StringBuffer buffer;
      rapidjson::Writer<rapidjson::StringBuffer> writer(buffer);
      document.Accept(writer);
      sum += buffer.GetSize();
    }
  });
  const mapping::Options options;
  std::vector<socbridge::wazuh::Alert> parsed;
  for (const std::string& text : alerts) {
    auto alert = socbridge::wazuh::Alert::parse(text);
    if (alert.ok()) parsed.push_back(std::move(*alert));
  }
  const double mapped = best_of(kRounds, [&] {
    for (const auto& alert : parsed) sum += mapping::map(alert, options, 0).alert.tags.size();
  });
  const auto count = static_cast<double>(alerts.size());
  std::printf("%zu alerts, RapidJSON %.0f ns, mapping %.0f ns, ratio %.2f (%zu)\n", alerts.size(),
              floor / count, mapped / count, mapped / floor, sum % 10);
  return 0;
}
