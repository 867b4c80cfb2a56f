// SPDX-License-Identifier: Apache-2.0
// Any bytes as a configuration: errors are complete printable lines without secrets, and the
// getters return values within the schema.
#include <cstdint>
#include <string>
#include <string_view>

#include "config/key_file.h"
#include "config/settings.h"
#include "integration/settings.h"
#include "mapping/options.h"
#include "scratch.h"

namespace {

namespace config = socbridge::config;
using config::Kind;

config::Schema schema() {
  return {
      {"url", Kind::string, R"("http://127.0.0.1")", "a string"},
      {"version", Kind::string, R"("auto")", "a choice", 0, 0, {"auto", "4", "5"}},
      {"budget_ms", Kind::integer, "3000", "a number", 100, 60000},
      {"offset", Kind::integer, "", "any number"},
      {"procedures", Kind::boolean, "true", "a switch"},
      {"tags", Kind::string_list, "[]", "strings"},
      {"sources", Kind::array, "[]", "an array"},
      {"severity", Kind::object, "{}", "an object"},
      {"api_key", Kind::secret, "", "a secret"},
  };
}

void check_line(const socbridge::Status& status) {
  fuzz::require(!status.ok() && status.code() == socbridge::ExitCode::usage);
  for (const char c : status.line()) fuzz::require(static_cast<unsigned char>(c) >= 0x20);
}

void check_values(const config::Settings& settings) {
  const std::int64_t budget = settings.integer("budget_ms");
  fuzz::require(budget >= 100 && budget <= 60000);
  const std::string version = settings.text("version");
  fuzz::require(version == "auto" || version == "4" || version == "5");
  fuzz::require(settings.json("tags").is_array());
  fuzz::require(settings.list("tags").size() == settings.json("tags").size());
  fuzz::require(settings.json("sources").is_array());
  fuzz::require(settings.json("severity").is_object());
  fuzz::require(settings.text("api_key").empty());
  for (const config::Key& key : settings.schema()) {
    if (settings.origin(key.name) == "layer") fuzz::require(!settings.position(key.name).empty());
  }
  for (const auto& row : settings.explain()) {
    fuzz::require(socbridge::json::Document::parse(row.value_json).ok());
    if (row.name == "api_key")
      fuzz::require(row.value_json == "\"\"" || row.value_json == "\"[set]\"");
  }
}

// The product's own schema, and the mapping's options read from it.
void check_product(std::string_view text) {
  config::Settings settings(socbridge::integration::schema());
  for (const auto& error : settings.add_json(text, "layer")) check_line(error);
  if (const auto options = socbridge::mapping::options_from(settings); !options.ok()) {
    check_line(options.status());
  }
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const std::string_view text(reinterpret_cast<const char*>(data), size);
  check_product(text);
  config::Settings settings(schema());
  for (const auto& error : settings.add_json(text, "layer")) check_line(error);
  check_values(settings);
  for (const config::Key& key : settings.schema()) {
    if (const auto set = settings.add_text(key.name, text, "flag"); !set.ok()) check_line(set);
  }
  check_values(settings);
  if (const auto unknown = settings.add_text(text, text, "flag"); !unknown.ok())
    check_line(unknown);
  // A literal key only: the fuzzer must not open the path of a file: setting.
  if (text.find("file:") == std::string_view::npos) {
    const auto key = config::read_key(settings.secret("api_key"), {});
    if (!key.ok()) check_line(key.status());
  }
  return 0;
}
