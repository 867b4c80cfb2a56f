// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <zlib.h>

#include <catch2/catch.hpp>
#include <string>
#include <string_view>

#include "base/env.h"
#include "support/temp_dir.h"
#include "wazuh/alert.h"

namespace socbridge::wazuh::test {

using socbridge::test::TempDir;

inline Alert parsed(std::string_view text) {
  auto alert = Alert::parse(text);
  INFO(alert.status().line());
  REQUIRE(alert.ok());
  return std::move(alert).value();
}

inline std::string gzipped(const std::string& text) {
  std::string out(compressBound(static_cast<uLong>(text.size())) + 64, '\0');
  z_stream stream{};
  constexpr int kGzip = 15 + 16;
  REQUIRE(deflateInit2(&stream, Z_BEST_SPEED, Z_DEFLATED, kGzip, 8, Z_DEFAULT_STRATEGY) == Z_OK);
  std::string in = text;
  stream.next_in = reinterpret_cast<Bytef*>(in.data());
  stream.avail_in = static_cast<uInt>(in.size());
  stream.next_out = reinterpret_cast<Bytef*>(out.data());
  stream.avail_out = static_cast<uInt>(out.size());
  REQUIRE(deflate(&stream, Z_FINISH) == Z_STREAM_END);
  out.resize(stream.total_out);
  deflateEnd(&stream);
  return out;
}

}  // namespace socbridge::wazuh::test
