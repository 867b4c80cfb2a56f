// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <catch2/catch.hpp>

#include <string>
#include <vector>

#include "config/settings.h"

namespace socbridge::config {

// One key of every kind.
inline Schema example_schema() {
  return {
      {"url", Kind::string, R"("http://127.0.0.1:9000")", "where to send"},
      {"version", Kind::string, R"("auto")", "server version", 0, 0, {"auto", "4", "5"}},
      {"budget_ms", Kind::integer, "3000", "time for one alert", 100, 60000},
      {"offset", Kind::integer, "", "any whole number"},
      {"procedures", Kind::boolean, "true", "send procedures"},
      {"tags", Kind::string_list, R"(["wazuh"])", "tags"},
      {"sources", Kind::array, "[]", "rows"},
      {"severity", Kind::object, R"({"7":1})", "levels"},
      {"api_key", Kind::secret, "", "the key"},
      {"spool_dir", Kind::string, R"("queue/w2thive")", "where alerts wait"},
  };
}

inline std::vector<std::string> lines(const std::vector<Status>& errors) {
  std::vector<std::string> out;
  for (const Status& error : errors) {
    CHECK(error.code() == ExitCode::usage);
    out.push_back(error.line());
  }
  return out;
}

// Errors of one JSON layer called "f.json".
inline std::vector<std::string> errors_of(std::string_view text) {
  Settings settings(example_schema());
  return lines(settings.add_json(text, "f.json"));
}

using Lines = std::vector<std::string>;

}  // namespace socbridge::config
