// SPDX-License-Identifier: Apache-2.0
#include "stream/lookup/value_list.h"

#include "base/text.h"

namespace socbridge::stream {

Status read_values(Env& env, const std::vector<std::string>& given,
                   const std::function<void(opencti::Value)>& take,
                   const std::function<void(const Status&)>& bad) {
  constexpr std::size_t kMaxInput = std::size_t{16} << 20;
  const auto read = [&](std::string_view text, const std::string& where) {
    auto value = opencti::read_value(text);
    if (value.ok()) {
      take(std::move(*value));
    } else {
      bad(Status::error(value.status().code(), where + value.status().message(),
                        value.status().hint()));
    }
  };
  for (const std::string& text : given) {
    if (text != "-") {
      read(text, {});
      continue;
    }
    const auto input = env.read_all(0, kMaxInput);
    if (!input.ok()) return Status::error(ExitCode::bad_input, input.status().message());
    std::size_t line = 0;
    for (const std::string_view one : split(*input, '\n')) {
      ++line;
      const std::string_view clean = trim(one);
      if (!clean.empty() && clean.front() != '#')
        read(clean, "line " + std::to_string(line) + ": ");
    }
  }
  return {};
}

}  // namespace socbridge::stream
