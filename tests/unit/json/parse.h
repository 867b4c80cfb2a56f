// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <catch2/catch.hpp>

#include <string>
#include <string_view>

#include "json/value.h"

namespace socbridge::json {

inline Document parsed(std::string_view text, const ParseOptions& options = {}) {
  auto document = Document::parse(text, options);
  INFO(document.status().message());
  REQUIRE(document.ok());
  return std::move(*document);
}

// The error's message, or "" if the text is accepted.
inline std::string parse_error(std::string_view text, const ParseOptions& options = {}) {
  const auto document = Document::parse(text, options);
  if (!document.ok()) CHECK(document.status().code() == ExitCode::bad_input);
  return document.status().message();
}

inline ParseOptions with_comments() {
  ParseOptions options;
  options.comments = true;
  return options;
}

}  // namespace socbridge::json
