// SPDX-License-Identifier: Apache-2.0
// The cost of mapping an alert relative to a floor: a RapidJSON parse and write of the same bytes.
// Each alert is parsed, mapped at once, as the programs do, and then parsed and written by
// RapidJSON, so that both see the same caches. The best of 25 rounds over all alerts. The goal is
// 3.0: bench_mapping tests/fixtures/alerts/families.ndjson
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
#include "thehive/alert.h"
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

using Clock = std::chrono::steady_clock;

struct Times {
  double parse = 0, map = 0, write = 0, floor = 0;  // nanoseconds

  void take_less(const Times& other) {
    parse = std::min(parse, other.parse);
    map = std::min(map, other.map);
    write = std::min(write, other.write);
    floor = std::min(floor, other.floor);
  }
};

template <typename Work>
auto timed(double& sum, const Work& work) {
  const auto start = Clock::now();
  auto result = work();
  sum += std::chrono::duration<double, std::nano>(Clock::now() - start).count();
  return result;
}

std::size_t rapidjson_alone(const std::string& text) {
  rapidjson::Document document;
  document.Parse(text.data(), text.size());
  rapidjson::StringBuffer buffer;
  rapidjson::Writer<rapidjson::StringBuffer> writer(buffer);
  document.Accept(writer);
  return buffer.GetSize();
}

std::size_t one_round(const std::vector<std::string>& alerts, Times& times) {
  const mapping::Options options;
  std::size_t sum = 0;
  for (const std::string& text : alerts) {
    const auto alert = timed(times.parse, [&] { return socbridge::wazuh::Alert::parse(text); });
    if (!alert.ok()) continue;
    sum += timed(times.map, [&] { return mapping::map(*alert, options, 0).alert.tags.size(); });
    const auto mapped = mapping::map(*alert, options, 0);
    const auto body = timed(times.write, [&] {
      return socbridge::thehive::create_body(mapped.alert, socbridge::thehive::ApiVersion::v5);
    });
    sum += body.size() + timed(times.floor, [&] { return rapidjson_alone(text); });
  }
  return sum;
}

}  // namespace

int main(int argc, char** argv) {
  std::vector<std::string> alerts;
  for (int i = 1; i < argc; ++i) {
    const auto more = read(argv[i]);
    alerts.insert(alerts.end(), more.begin(), more.end());
  }
  if (alerts.empty()) return 2;
  constexpr int kRounds = 25;
  std::size_t sum = 0;
  Times best;
  for (int i = 0; i < kRounds; ++i) {
    Times times;
    sum += one_round(alerts, times);
    if (i == 0) best = times;
    best.take_less(times);
  }
  const auto count = static_cast<double>(alerts.size());
  std::printf("%zu alerts, RapidJSON %.0f ns, mapping %.0f ns, ratio %.2f\n", alerts.size(),
              best.floor / count, best.map / count, best.map / best.floor);
  std::printf("besides: reading %.0f ns, writing the request %.0f ns; all three %.2f (%zu)\n",
              best.parse / count, best.write / count,
              (best.parse + best.map + best.write) / best.floor, sum % 10);
  return 0;
}
