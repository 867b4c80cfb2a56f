// Configuration and <options> text through the whole schema: never a crash, errors in one line each.
#include <cstdint>
#include <cstdlib>
#include <string_view>

#include "base/text.h"
#include "config/settings.h"
#include "mapping/options.h"
#include "relay/settings.h"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace socbridge;
  const std::string_view text(reinterpret_cast<const char*>(data), size);
  config::Settings settings(relay::schema());
  for (const Status& error : settings.add_json(text, "fuzz.json")) {
    if (error.line().find('\n') != std::string::npos || !is_valid_utf8(error.line())) std::abort();
  }
  const auto options = mapping::options_from(settings);
  if (!options.ok() && options.status().line().find('\n') != std::string::npos) std::abort();
  for (const auto& row : settings.explain()) {
    if (row.name == "api_key" && row.value_json != "\"\"" && row.value_json != "\"[set]\"" &&
        row.value_json != "null" && !row.value_json.empty()) {
      std::abort();  // a secret is never printed
    }
  }
  return 0;
}
